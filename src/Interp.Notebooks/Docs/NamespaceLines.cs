using System.Text.RegularExpressions;
using Interp.Notebooks.Files;

namespace Interp.Notebooks.Docs;

/// <summary>The line about each namespace, from the tables of a page in Markdown.</summary>
internal static partial class NamespaceLines
{
    /// <summary>The page.</summary>
    public const string File = "namespaces.md";

    /// <summary>The lines as HTML, by namespace; none where there is no such page.</summary>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        if (!System.IO.File.Exists(path)) return new Dictionary<string, string>();
        return Row().Matches(System.IO.File.ReadAllText(path)).ToDictionary(row => row.Groups[1].Value,
            row => MarkdownHtml.Convert(row.Groups[2].Value.Trim()).Trim().Replace("<p>", "").Replace("</p>", ""));
    }

    [GeneratedRegex(@"^\| `(Interp[\w.]*)` \| (.+?) \|\s*$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
