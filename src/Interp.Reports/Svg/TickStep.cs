using System.Globalization;
using System.Text;

namespace Interp.Reports;

/// <summary>Round steps for axes, and how the numbers on them are written.</summary>
internal static class TickStep
{
    /// <summary>
    /// A step of 1, 2 or 5 times a power of ten that cuts a length into about <paramref name="count"/>.
    /// </summary>
    public static (double Step, int Decimals) For(double length, int count)
    {
        var rough = length / count;
        var power = (int)Math.Floor(Math.Log10(rough));
        var size = Math.Pow(10, power);
        var factor = (rough / size) switch { <= 1.0000001 => 1, <= 2.0000001 => 2, <= 5.0000001 => 5, _ => 10 };
        if (factor == 10) power++;
        return (factor * size, Math.Max(0, -power));
    }

    /// <summary>A number on a linear axis: 0.25, 1,500, 20k, 1.5M, 2·10⁻⁷.</summary>
    public static string Label(double value, double step, int decimals)
    {
        if (Math.Abs(value) < step * 1e-6) return "0";
        if (decimals > 5) return Power(value / Math.Pow(10, -decimals), -decimals);
        if (step >= 1e15) return Power(value / step, (int)Math.Round(Math.Log10(step)));
        if (step >= 1e6) return Numbers.Format(value / 1e6, "#,0.###") + "M";
        if (step >= 1e3) return Numbers.Format(value / 1e3, "#,0.###") + "k";
        return Numbers.Format(value, decimals == 0 ? "#,0" : "0." + new string('0', decimals));
    }

    /// <summary>A number on a logarithmic axis.</summary>
    public static string LogLabel(int digit, int power)
    {
        if (power is >= -3 and < 3) return Numbers.Format(digit * Math.Pow(10, power), "0.###");
        if (power is >= 3 and < 6) return Numbers.Format(digit * Math.Pow(10, power - 3), "0") + "k";
        return Power(digit, power);
    }

    private static string Power(double factor, int power)
    {
        var text = new StringBuilder();
        if (Math.Abs(factor - 1) > 1e-9) text.Append(Numbers.Format(factor, "0.##")).Append('·');
        text.Append("10");
        foreach (var digit in power.ToString(CultureInfo.InvariantCulture))
            text.Append(digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']);
        return text.ToString();
    }
}
