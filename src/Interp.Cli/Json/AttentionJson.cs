namespace Interp.Cli.Json;

/// <summary>What <c>attn --json</c> prints.</summary>
/// <param name="InputIds">The ids that the model read.</param>
/// <param name="Tokens">Their texts.</param>
/// <param name="Pattern">Attention <c>[layer][head][destination][source]</c>.</param>
internal sealed record AttentionJson(long[] InputIds, string[] Tokens, float[][][][] Pattern);
