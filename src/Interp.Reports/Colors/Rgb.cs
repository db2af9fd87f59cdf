using System.Globalization;

namespace Interp.Reports;

/// <summary>One colour, 8 bits a channel.</summary>
internal readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary>As CSS writes it, <c>#rrggbb</c>.</summary>
    public string Hex => $"#{R:x2}{G:x2}{B:x2}";

    /// <summary>Reads <c>#rrggbb</c>.</summary>
    public static Rgb Parse(string hex)
    {
        var value = int.Parse(hex.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new Rgb((byte)(value >> 16), (byte)(value >> 8), (byte)value);
    }

    /// <summary>The colour a fraction <paramref name="t"/> of the way to another.</summary>
    public Rgb Mix(Rgb other, double t) => new(Mix(R, other.R, t), Mix(G, other.G, t), Mix(B, other.B, t));

    /// <summary>Relative luminance after WCAG 2 (0 black, 1 white).</summary>
    public double Luminance => 0.2126 * Linear(R) + 0.7152 * Linear(G) + 0.0722 * Linear(B);

    /// <summary>Black or white ink, whichever contrasts more (the two are level at a luminance of 0.179).</summary>
    public Rgb Ink => Luminance > 0.179 ? new Rgb(0x14, 0x18, 0x1d) : new Rgb(255, 255, 255);

    private static byte Mix(byte from, byte to, double t) => (byte)Math.Round(from + (to - from) * t);

    private static double Linear(byte channel)
    {
        var value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
