namespace Interp.Reports;

/// <summary>A visible token text as markup, with the signs for what has no shape set back.</summary>
internal static class TokenMarkup
{
    private const string Signs = "·⏎⇥∅";

    /// <summary>
    /// Whether lines may break at the tokens that begin with a space, as words do. Where few tokens do (numbers,
    /// letters), lines break between any two.
    /// </summary>
    public static bool AreWords(IReadOnlyList<string> tokens) =>
        tokens.Count(StartsWithSpace) * 8 >= tokens.Count;

    public static bool StartsWithSpace(string token) => token.Length > 0 && char.IsWhiteSpace(token[0]);

    public static void Write(MarkupWriter html, string visible)
    {
        var start = 0;
        for (var i = 0; i < visible.Length; i++)
        {
            if (!Signs.Contains(visible[i])) continue;
            if (i > start) html.Text(visible[start..i]);
            html.Element("i", visible[i].ToString());
            start = i + 1;
        }
        if (start < visible.Length) html.Text(visible[start..]);
    }
}
