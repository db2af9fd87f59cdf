namespace Interp.Cli.Json;

/// <summary>Key frequencies in <see cref="GrokJson"/>.</summary>
/// <param name="Rule">How they were found.</param>
/// <param name="Frequencies">In rising order.</param>
internal sealed record KeyFrequenciesJson(string Rule, int[] Frequencies);
