using System.Text;
using System.Text.RegularExpressions;
using Interp.Reports;

namespace Interp.Kernel.Notebooks;

/// <summary>
/// Markdown to HTML, as far as notebooks here use it (CommonMark's headings, paragraphs, lists, quotes, code, emphasis and
/// links; GitHub's tables). HTML in the text is escaped, except for tags that only arrange text, such as
/// <c>details</c>.
/// </summary>
public static partial class MarkdownHtml
{
    /// <summary>The HTML of a text.</summary>
    public static string Convert(string markdown)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        var html = new StringBuilder();
        Blocks(markdown.ReplaceLineEndings("\n").Split('\n'), html);
        return html.ToString();
    }

    private static void Blocks(string[] lines, StringBuilder html)
    {
        for (var i = 0; i < lines.Length;)
        {
            if (lines[i].Trim().Length == 0) i++;
            else if (lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal)) i = Fence(lines, i, html);
            else if (Heading().Match(lines[i]) is { Success: true } heading) i = Header(heading, i, html);
            else if (lines[i].StartsWith('>')) i = Quote(lines, i, html);
            else if (i + 1 < lines.Length && lines[i].Contains('|') && TableRule().IsMatch(lines[i + 1])) i = Table(lines, i, html);
            else if (Item().IsMatch(lines[i])) i = List(lines, i, html);
            else if (OnlyTags().IsMatch(lines[i])) html.Append(Inline(lines[i++])).Append('\n');
            else i = Paragraph(lines, i, html);
        }
    }

    private static int Fence(string[] lines, int start, StringBuilder html)
    {
        var end = Array.FindIndex(lines, start + 1, line => line.TrimStart().StartsWith("```", StringComparison.Ordinal));
        if (end < 0) end = lines.Length;
        var language = lines[start].Trim().TrimStart('`');
        var code = string.Join('\n', lines[(start + 1)..end]);
        html.Append("<pre><code>").Append(language is "csharp" or "cs" or "c#" ? CSharpHtml.Convert(code) : Markup.Escape(code))
            .Append("</code></pre>\n");
        return end + 1;
    }

    private static int Header(Match heading, int at, StringBuilder html)
    {
        var level = heading.Groups[1].Length;
        html.Append($"<h{level}>{Inline(heading.Groups[2].Value)}</h{level}>\n");
        return at + 1;
    }

    private static int Quote(string[] lines, int start, StringBuilder html)
    {
        var end = start;
        while (end < lines.Length && lines[end].StartsWith('>')) end++;
        html.Append("<blockquote>\n");
        Blocks([.. lines[start..end].Select(line => line[1..].TrimStart(' '))], html);
        html.Append("</blockquote>\n");
        return end;
    }

    private static int Table(string[] lines, int start, StringBuilder html)
    {
        html.Append("<table><thead>").Append(Row(lines[start], "th")).Append("</thead><tbody>");
        var at = start + 2;
        for (; at < lines.Length && lines[at].Contains('|'); at++) html.Append(Row(lines[at], "td"));
        html.Append("</tbody></table>\n");
        return at;
    }

    private static string Row(string line, string cell) =>
        $"<tr>{string.Concat(Cells(line).Select(text => $"<{cell}>{Inline(text.Trim())}</{cell}>"))}</tr>";

    /// <summary>Cells between bars; a bar in code or behind a backslash belongs to the text.</summary>
    private static IEnumerable<string> Cells(string line) =>
        Bar().Split(line.Trim().Trim('|')).Select(cell => cell.Replace("\\|", "|", StringComparison.Ordinal));

    private static int List(string[] lines, int start, StringBuilder html)
    {
        var ordered = char.IsAsciiDigit(lines[start].TrimStart()[0]);
        var indent = Indent(lines[start]);
        html.Append(ordered ? "<ol>" : "<ul>");
        var at = start;
        while (at < lines.Length && Item().Match(lines[at]) is { Success: true } item && Indent(lines[at]) == indent)
        {
            var body = new List<string> { item.Groups[2].Value };
            var inner = item.Groups[1].Length;
            for (at++; at < lines.Length && Belongs(lines, at, inner); at++)
                body.Add(lines[at].Length > inner ? lines[at][inner..] : lines[at].Trim());
            var text = new StringBuilder();
            Blocks([.. body], text);
            html.Append("<li>").Append(Tight(text.ToString())).Append("</li>");
        }
        html.Append(ordered ? "</ol>\n" : "</ul>\n");
        return at;
    }

    /// <summary>Whether a line belongs to a list's item: indented, or empty with an indented one behind it.</summary>
    private static bool Belongs(string[] lines, int at, int indent) => lines[at].Trim().Length > 0
        ? Indent(lines[at]) >= indent
        : at + 1 < lines.Length && lines[at + 1].Trim().Length > 0 && Indent(lines[at + 1]) >= indent;

    /// <summary>An item of one paragraph stands without its margins.</summary>
    private static string Tight(string html) => html.StartsWith("<p>", StringComparison.Ordinal) && html.IndexOf("<p>", 1, StringComparison.Ordinal) < 0
        ? html.Replace("<p>", "").Replace("</p>", "") : html;

    private static int Paragraph(string[] lines, int start, StringBuilder html)
    {
        var end = start + 1;
        while (end < lines.Length && lines[end].Trim().Length > 0 && !Heading().IsMatch(lines[end]) && !Item().IsMatch(lines[end])
               && !lines[end].StartsWith("```", StringComparison.Ordinal) && !OnlyTags().IsMatch(lines[end])) end++;
        html.Append("<p>").Append(Inline(string.Join('\n', lines[start..end]))).Append("</p>\n");
        return end;
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    /// <summary>Code, emphasis and links in a line; code is taken out first, since nothing in it counts.</summary>
    private static string Inline(string text)
    {
        var parts = CodeSpan().Split(text);
        var html = new StringBuilder();
        for (var i = 0; i < parts.Length; i++)
            html.Append(i % 2 == 1 ? $"<code>{Markup.Escape(parts[i].Trim())}</code>" : Words(parts[i]));
        return html.ToString();
    }

    private static string Words(string text)
    {
        var html = Markup.Escape(text);
        html = AllowedTag().Replace(html, match => $"<{match.Groups[1].Value}>");
        html = Image().Replace(html, match => Address(match.Groups[2].Value) is { } source
            ? $"<img alt=\"{match.Groups[1].Value}\" src=\"{source}\">" : match.Groups[1].Value);
        html = Link().Replace(html, match => Address(match.Groups[2].Value) is { } target
            ? $"<a href=\"{target}\">{match.Groups[1].Value}</a>" : match.Groups[1].Value);
        html = Strong().Replace(html, "<strong>$1</strong>");
        return Emphasis().Replace(html, "<em>$1</em>");
    }

    /// <summary>An address that only leads somewhere: no script.</summary>
    private static string? Address(string address) =>
        !address.Contains(':') || address.StartsWith("https://", StringComparison.Ordinal)
        || address.StartsWith("http://", StringComparison.Ordinal) || address.StartsWith("data:image/", StringComparison.Ordinal) ? address : null;

    [GeneratedRegex(@"^(#{1,6})\s+(.*?)\s*#*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(\s*(?:[-*+]|\d+[.)])\s+)(.*)$")]
    private static partial Regex Item();

    [GeneratedRegex(@"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")]
    private static partial Regex TableRule();

    [GeneratedRegex(@"^\s*</?(details|summary)\b[^`]*>\s*$")]
    private static partial Regex OnlyTags();

    [GeneratedRegex(@"`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"(?<!\\)\|(?=(?:[^`]*`[^`]*`)*[^`]*$)")]
    private static partial Regex Bar();

    [GeneratedRegex(@"&lt;(/?(?:details|summary|br|sub|sup|kbd)\s*/?)&gt;")]
    private static partial Regex AllowedTag();

    [GeneratedRegex(@"!\[([^\]]*)\]\(([^)\s]+)\)")]
    private static partial Regex Image();

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\*\*(?=\S)(.+?)(?<=\S)\*\*", RegexOptions.Singleline)]
    private static partial Regex Strong();

    [GeneratedRegex(@"(?<![\w*])[*_](?=[^\s*_])(.+?)(?<=[^\s*_])[*_](?![\w*])", RegexOptions.Singleline)]
    private static partial Regex Emphasis();
}
