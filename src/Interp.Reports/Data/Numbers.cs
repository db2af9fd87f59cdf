using System.Globalization;

namespace Interp.Reports;

/// <summary>
/// How numbers are written: always in the invariant culture, and exactly where a reader may copy them.
/// </summary>
internal static class Numbers
{
    /// <summary>The shortest text that reads back as the same float; words for what is not finite.</summary>
    public static string Exact(float value) =>
        float.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : NotFinite(value);

    /// <summary>The shortest text that reads back as the same double; words for what is not finite.</summary>
    public static string Exact(double value) =>
        double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : NotFinite(value);

    /// <summary>A number in a .NET format, with a true minus sign.</summary>
    public static string Format(double value, string format) =>
        double.IsFinite(value)
            ? value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '\u2212')
            : NotFinite(value);

    /// <summary>A coordinate in a drawing: two decimals are a hundredth of a pixel.</summary>
    public static string Pixel(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>How many of the values are not a finite number.</summary>
    public static int CountNotFinite(ReadOnlySpan<float> values)
    {
        var count = 0;
        foreach (var value in values)
            if (!float.IsFinite(value)) count++;
        return count;
    }

    /// <summary>The smallest and largest finite value; (0, 0) where there is none.</summary>
    public static (double Low, double High) Range(ReadOnlySpan<float> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var value in values)
        {
            if (!float.IsFinite(value)) continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }
        return low <= high ? (low, high) : (0, 0);
    }

    private static string NotFinite(double value) =>
        double.IsNaN(value) ? "not a number" : value > 0 ? "infinity" : "\u2212infinity";
}
