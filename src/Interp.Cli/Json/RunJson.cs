namespace Interp.Cli.Json;

/// <summary>What <c>run --json</c> prints.</summary>
/// <param name="InputIds">The ids that the model read.</param>
/// <param name="PrependedIds">Those at its beginning that the text does not spell (BOS); empty where there are none.</param>
/// <param name="Next">The most probable next tokens, the most probable first.</param>
/// <param name="GeneratedIds">The ids that were added; empty unless asked for.</param>
/// <param name="Generated">Their text.</param>
internal sealed record RunJson(
    long[] InputIds, long[] PrependedIds, NextTokenJson[] Next, long[] GeneratedIds, string Generated);
