namespace Interp.Cli.Tests.Docs;

/// <summary>The fenced code blocks of a Markdown file.</summary>
internal static class MarkdownCode
{
    /// <summary>The blocks of one language, each with the line that it starts on.</summary>
    public static IEnumerable<(int Line, string Code)> Blocks(string markdown, string language)
    {
        var lines = markdown.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal)) continue;
            var end = Array.FindIndex(lines, i + 1, line => line.TrimEnd() == "```");
            if (end < 0) throw new FormatException($"the code block at line {i + 1} has no end");
            if (lines[i].TrimEnd() == "```" + language) yield return (i + 2, string.Join('\n', lines[(i + 1)..end]));
            i = end;
        }
    }
}
