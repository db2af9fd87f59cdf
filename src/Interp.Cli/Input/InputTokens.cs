namespace Interp.Cli.Input;

/// <summary>What a model is to read.</summary>
/// <param name="Ids">All ids.</param>
/// <param name="Prepended">Those in front that the text does not spell; empty where there are none.</param>
/// <param name="Bos">Of a text: what stands in front or why nothing does, for the user; null where ids were given.</param>
internal sealed record InputTokens(long[] Ids, long[] Prepended, string? Bos);
