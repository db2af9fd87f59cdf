using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Interp.Reports.Tests;

/// <summary>Takes a page apart.</summary>
internal static partial class PageReader
{
    public static JsonNode Data(string html) => JsonNode.Parse(DataElement().Match(html).Groups[1].Value)!;

    public static string Page(params ReportBlock[] blocks)
    {
        var report = new Report("Page");
        var section = report.AddSection("Section");
        foreach (var block in blocks) section.Add(block);
        return report.ToHtml();
    }

    /// <summary>The page without its scripts and data, where no text of a user may stand as markup.</summary>
    public static string WithoutScripts(string html) => Scripts().Replace(html, "");

    [GeneratedRegex("""<script type="application/json" id="data">(.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex DataElement();

    [GeneratedRegex("<script.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Scripts();
}
