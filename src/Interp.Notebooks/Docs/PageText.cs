using System.Net;
using System.Text.RegularExpressions;

namespace Interp.Notebooks.Docs;

/// <summary>Reads a page's HTML back: its headings with the words under each, its first sentence.</summary>
internal static partial class PageText
{
    /// <summary>The sections of a body, by its headings of the second and third level.</summary>
    public static IReadOnlyList<DocSection> Sections(string body)
    {
        var headings = Heading().Matches(body);
        return [.. headings.Select((heading, i) => new DocSection(heading.Groups[2].Value, Words(Anchor().Replace(heading.Groups[3].Value, "")),
            Words(body[(heading.Index + heading.Length)..(i + 1 < headings.Count ? headings[i + 1].Index : body.Length)]),
            heading.Groups[1].Value == "2" ? 2 : 3))];
    }

    /// <summary>The words of the first paragraph.</summary>
    public static string Summary(string body) => Paragraph().Match(body) is { Success: true } match ? Words(match.Groups[1].Value) : "";

    /// <summary>The words of HTML, without blocks of code.</summary>
    public static string Words(string html) =>
        WebUtility.HtmlDecode(Spaces().Replace(Tag().Replace(Block().Replace(html, " "), ""), " ")).Trim();

    [GeneratedRegex("<h([23]) id=\"([^\"]+)\">(.*?)</h[23]>", RegexOptions.Singleline)]
    private static partial Regex Heading();

    [GeneratedRegex("<a class=\"anchor\".*?</a>")]
    private static partial Regex Anchor();

    [GeneratedRegex("<p>(.*?)</p>", RegexOptions.Singleline)]
    private static partial Regex Paragraph();

    [GeneratedRegex("<pre.*?</pre>|<svg.*?</svg>|<style.*?</style>|<script.*?</script>|<iframe.*?</iframe>", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
