namespace Interp.Studies.ModularAddition;

/// <summary>How unevenly numbers share their sum (Hurley and Rickard 2009).</summary>
public static class GiniCoefficient
{
    /// <summary>
    /// G = 1 − 2 Σᵢ (x₍ᵢ₎ / ‖x‖₁) (N − i + ½) / N, with x₍₁₎ the smallest: 0 for equal numbers, 1 − 1/N for one that is
    /// all.
    /// </summary>
    /// <param name="values">Numbers of at least 0; of nothing but zeros it is 0.</param>
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var sum = sorted.Sum();
        if (sum <= 0) return 0;
        var n = sorted.Length;
        return 1 - 2 * sorted.Select((x, i) => x / sum * ((n - (i + 1) + 0.5) / n)).Sum();
    }
}
