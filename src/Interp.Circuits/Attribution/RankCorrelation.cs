namespace Interp.Circuits.Attribution;

/// <summary>Agreement of two rankings.</summary>
public static class RankCorrelation
{
    /// <summary>Spearman's ρ: Pearson's correlation of the ranks, equal values sharing their mean rank.</summary>
    /// <returns>1 for the same order, −1 for the opposite; NaN where all values of one list are equal.</returns>
    /// <exception cref="ArgumentException">The lists differ in length, or have fewer than two values.</exception>
    public static double Spearman(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count || first.Count < 2)
            throw new ArgumentException(
                $"a rank correlation of {first.Count} and {second.Count} values; give two lists of one length, at " +
                "least 2");
        var (a, b) = (Ranks(first), Ranks(second));
        var mean = (first.Count - 1) / 2.0;
        double both = 0, squareA = 0, squareB = 0;
        for (var i = 0; i < a.Length; i++)
        {
            both += (a[i] - mean) * (b[i] - mean);
            squareA += (a[i] - mean) * (a[i] - mean);
            squareB += (b[i] - mean) * (b[i] - mean);
        }
        return both / Math.Sqrt(squareA * squareB);
    }

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (var from = 0; from < order.Length;)
        {
            var to = from;
            while (to < order.Length && values[order[to]].Equals(values[order[from]])) to++;
            for (var at = from; at < to; at++) ranks[order[at]] = (from + to - 1) / 2.0;
            from = to;
        }
        return ranks;
    }
}
