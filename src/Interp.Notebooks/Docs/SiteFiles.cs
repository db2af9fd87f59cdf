using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Interp.Notebooks.Files;
using Interp.Reports;

namespace Interp.Notebooks.Docs;

/// <summary>The files beside the pages: the style sheet, the script of the search, plotly.js where a page draws figures.</summary>
internal static class SiteFiles
{
    public const string Style = "docs.css";
    public const string Script = "docs.js";
    public const string SearchIndex = "search-index.js";
    private const string Plotly = "plotly.js";
    private const string Plots = "plots.js";

    /// <summary>The files and their texts.</summary>
    public static IEnumerable<(string Path, string Text)> All(bool withFigures)
    {
        yield return (Style, Asset.Text("report.css") + Asset.Text("chart.css") + NotebookPage.Style + Own(Style));
        yield return (Script, Own(Script));
        if (!withFigures || !PlotlyBundle.IsEmbedded) yield break;
        yield return (Plotly, PlotlyBundle.Script);
        yield return (Plots, Asset.Text("plots.js"));
    }

    /// <summary>What draws a page's figures; nothing where it has none or this build has no plotly.js.</summary>
    public static string FigureScripts(JsonArray figures, string up) => figures.Count == 0 || !PlotlyBundle.IsEmbedded ? ""
        : $"<script type=\"application/json\" id=\"data\">{Reports.Json.Inline(new JsonObject { ["figures"] = figures })}</script>\n"
            + $"<script src=\"{up}{Plotly}\"></script><script src=\"{up}{Plots}\"></script>\n";

    private static string Own(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the assembly has no asset '{name}'");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
