using System.Text;

namespace Interp.Reports;

/// <summary>
/// An estimate of how wide a text comes out in a system font, on the wide side: the writer knows no fonts, and a
/// margin that is a little too wide is better than labels that run into each other.
/// </summary>
internal static class TextSize
{
    /// <summary>The width in pixels at a font size in pixels.</summary>
    public static double Width(string text, double size)
    {
        var ems = 0.0;
        foreach (var rune in text.EnumerateRunes()) ems += Ems(rune.Value);
        return ems * size;
    }

    private static double Ems(int rune) => rune switch
    {
        'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or '·' or ' ' => 0.31,
        '<' or '>' or '=' or '+' or '~' => 0.84,
        'f' or 't' or 'r' or '(' or ')' or '[' or ']' or '-' or '"' => 0.41,
        'm' or 'w' or 'M' or 'W' or '@' or '%' or '…' => 0.95,
        >= 'A' and <= 'Z' => 0.71,
        < 0x1100 => 0.63,
        _ => 1.05,
    };
}
