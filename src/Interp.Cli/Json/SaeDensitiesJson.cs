namespace Interp.Cli.Json;

/// <summary>How many features fire how often.</summary>
/// <param name="Log10Edges">log10 of the borders of the bins, as a share of activations.</param>
/// <param name="Counts">Features in each bin.</param>
internal sealed record SaeDensitiesJson(double[] Log10Edges, long[] Counts);
