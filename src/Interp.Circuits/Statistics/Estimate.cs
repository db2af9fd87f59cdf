namespace Interp.Circuits.Statistics;

/// <summary>A mean over independent repetitions with its 95% confidence interval (Student's t).</summary>
/// <remarks>
/// With n values of mean m and standard deviation s (of n − 1) the interval is m ± t s/√n, t being the 97.5% quantile of
/// Student's distribution with n − 1 degrees of freedom. Where the values are results of n seeds, it says where the mean
/// over all seeds lies, not how far one seed may be off.
/// <code>
/// var loss = Estimate.Of([1.9, 2.1, 2.0]);      // 2.00 ± 0.25
/// </code>
/// </remarks>
/// <param name="Mean">The mean.</param>
/// <param name="HalfWidth">Half of the interval's width.</param>
/// <param name="Count">The repetitions.</param>
public readonly record struct Estimate(double Mean, double HalfWidth, int Count)
{
    // 97.5% quantiles for 1, 2, … degrees of freedom.
    private static readonly double[] Quantiles =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>The lower end of the interval.</summary>
    public double Low => Mean - HalfWidth;

    /// <summary>The upper end of the interval.</summary>
    public double High => Mean + HalfWidth;

    /// <summary>The estimate from one value a repetition.</summary>
    /// <exception cref="ArgumentException">There are less than two: one value says nothing about its spread.</exception>
    public static Estimate Of(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2)
            throw new ArgumentException($"a confidence interval needs at least 2 values, got {values.Count}");
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        return new Estimate(mean, Quantile(values.Count - 1) * Math.Sqrt(variance / values.Count), values.Count);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Mean:0.00} ± {HalfWidth:0.00}";

    /// <summary>Above the table the first term of the expansion in 1/freedom, right to 0.003.</summary>
    private static double Quantile(int freedom) =>
        freedom <= Quantiles.Length ? Quantiles[freedom - 1] : 1.96 + 2.372 / freedom;
}
