using System.Globalization;
using System.Text;

namespace Interp.Reports;

/// <summary>
/// Token texts made visible. Half of what separates two tokens cannot be seen on a page (a leading space, a line
/// break, a zero-width joiner), and some of it can rearrange the page (direction overrides), so a view shows a sign
/// in its place and keeps the true text in the data.
/// </summary>
public static class TokenText
{
    /// <summary>
    /// The text with a sign for everything that has no shape of its own: <c>·</c> space, <c>⏎</c> line feed, <c>⇥</c>
    /// tab, <c>␀</c>… control characters, <c>‹U+200B›</c> for invisible and direction characters, <c>∅</c> for the
    /// empty text.
    /// </summary>
    /// <param name="token">The token's text as the tokenizer decodes it.</param>
    public static string Visible(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length == 0) return "∅";
        var text = new StringBuilder(token.Length);
        foreach (var rune in token.EnumerateRunes()) Append(text, rune);
        return text.ToString();
    }

    /// <summary>
    /// The text as a label of an axis: a space between words stays a space, for labels are names as often as tokens;
    /// everything else is made visible, cut to a length.
    /// </summary>
    internal static string Label(string name, int length)
    {
        var trimmed = name.Trim(' ');
        if (trimmed.Length == 0) return Short(Visible(name), length);
        var start = name.IndexOf(trimmed[0]);
        var words = string.Join(' ', trimmed.Split(' ').Select(word => word.Length == 0 ? "·" : Visible(word)));
        return Short(new string('·', start) + words + new string('·', name.Length - start - trimmed.Length), length);
    }

    /// <summary>The visible text, cut to a number of characters with an ellipsis.</summary>
    internal static string Short(string text, int length)
    {
        if (text.Length <= length) return text;
        var cut = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return text[..cut] + "…";
    }

    private static void Append(StringBuilder text, Rune rune)
    {
        switch (rune.Value)
        {
            case ' ': text.Append('·'); break;
            case '\n': text.Append('⏎'); break;
            case '\t': text.Append('⇥'); break;
            case 0x7f: text.Append('␡'); break;
            case < 0x20: text.Append((char)(0x2400 + rune.Value)); break;
            default:
                if (IsInvisible(rune)) text.Append(CultureInfo.InvariantCulture, $"‹U+{rune.Value:X4}›");
                else text.Append(rune.ToString());
                break;
        }
    }

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned;
}
