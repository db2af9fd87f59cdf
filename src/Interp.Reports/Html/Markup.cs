using System.Text;

namespace Interp.Reports;

/// <summary>Escaping for HTML and SVG, the same in text and in quoted attributes.</summary>
internal static class Markup
{
    /// <summary>
    /// The text with every character of markup escaped, and U+FFFD for what neither XML nor HTML may hold (control
    /// characters, lone surrogates, U+FFFE and U+FFFF).
    /// </summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&': escaped.Append("&amp;"); break;
                case '<': escaped.Append("&lt;"); break;
                case '>': escaped.Append("&gt;"); break;
                case '"': escaped.Append("&quot;"); break;
                case '\'': escaped.Append("&#39;"); break;
                default: escaped.Append(IsAllowed(rune.Value) ? rune.ToString() : "\ufffd"); break;
            }
        }
        return escaped.ToString();
    }

    private static bool IsAllowed(int value) =>
        value is '\t' or '\n' or >= 0x20 and < 0x7f or >= 0xa0 && (value & 0xfffe) != 0xfffe;
}
