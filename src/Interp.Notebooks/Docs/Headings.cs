using System.Text;
using System.Text.RegularExpressions;
using Interp.Reports;

namespace Interp.Notebooks.Docs;

/// <summary>Headings with ids, each with a link to itself.</summary>
internal static partial class Headings
{
    /// <summary>A heading as HTML.</summary>
    /// <param name="level">2 to 6.</param>
    /// <param name="id">Its id.</param>
    /// <param name="html">What it says.</param>
    public static string Of(int level, string id, string html) =>
        $"<h{level} id=\"{Markup.Escape(id)}\">{html}{Anchor(id)}</h{level}>\n";

    /// <summary>The link of a place to itself.</summary>
    public static string Anchor(string id) =>
        $"<a class=\"anchor\" href=\"#{Markup.Escape(id)}\" aria-label=\"Link to this place\">#</a>";

    /// <summary>The id of a heading, as GitHub makes it, and another one where the page has it already.</summary>
    public static string Id(string text, ISet<string> taken)
    {
        var kept = new StringBuilder();
        foreach (var rune in text.ToLowerInvariant().EnumerateRunes())
            if (Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '_' or ' ') kept.Append(rune);
        var id = Spaces().Replace(kept.ToString().Trim(), "-");
        if (id.Length == 0) id = "section";
        var free = id;
        for (var n = 1; !taken.Add(free); n++) free = $"{id}-{n}";
        return free;
    }

    [GeneratedRegex(" ")]
    private static partial Regex Spaces();
}
