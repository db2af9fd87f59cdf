namespace Interp.Sae.Metrics;

/// <summary>How many features fire how often, by the logarithm of the share of rows on which they do.</summary>
/// <param name="Edges">log10 of the bins' borders, rising to 0; one more than there are bins.</param>
/// <param name="Counts">Features of each bin, its lower border included; the last has both.</param>
/// <param name="Dead">Features that never fired; they are in no bin.</param>
/// <remarks>A healthy dictionary has one hump; a second one far to the left are features that are nearly dead (Bricken
/// et al. 2023).</remarks>
public sealed record DensityHistogram(IReadOnlyList<double> Edges, IReadOnlyList<long> Counts, long Dead)
{
    /// <summary>The histogram of shares.</summary>
    /// <param name="densities">The share of rows on which each feature fired, from 0 to 1.</param>
    /// <param name="binsPerDecade">Bins between 0.1 and 1, between 0.01 and 0.1 and so on.</param>
    public static DensityHistogram Of(IReadOnlyList<double> densities, int binsPerDecade = 2)
    {
        if (binsPerDecade < 1) throw new ArgumentException($"histogram: {binsPerDecade} bins a decade; give at least 1");
        var logs = densities.Where(density => density > 0).Select(Math.Log10).ToArray();
        var lowest = logs.Length == 0 ? -1 : Math.Min((int)Math.Floor(logs.Min() * binsPerDecade + 1e-9), -1);
        var counts = new long[-lowest];
        foreach (var log in logs)
            counts[Math.Clamp((int)Math.Floor(log * binsPerDecade + 1e-9) - lowest, 0, counts.Length - 1)]++;
        return new DensityHistogram([.. Enumerable.Range(lowest, counts.Length + 1).Select(i =>
            (double)i / binsPerDecade)], counts, densities.Count - logs.Length);
    }
}
