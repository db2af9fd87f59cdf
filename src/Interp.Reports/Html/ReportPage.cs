using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>Writes a report as a page.</summary>
internal static class ReportPage
{
    private const int LongFrom = 4;

    // Nothing in the page may reach out: no address is allowed but what is inside the page itself.
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:";

    public static string Write(Report report)
    {
        var page = new Page();
        var html = page.Html;
        html.Raw("<!DOCTYPE html>\n").Open("html", ("lang", "en"));
        Head(html, report.Title, report.Sections.SelectMany(section => section.Blocks));
        html.Open("body").Open("main");
        Header(html, report);
        if (report.Sections.Count >= LongFrom) Contents(html, report);
        for (var i = 0; i < report.Sections.Count; i++) Section(page, report.Sections[i], i + 1);
        Provenance.Write(html, report);
        html.CloseLine();
        Data(page, report);
        Scripts(page, report);
        return html.Close().Close().Raw("\n").ToString();
    }

    /// <summary>The head of a page: what it may load (nothing), and its styles.</summary>
    internal static void Head(MarkupWriter html, string title, IEnumerable<ReportBlock> blocks)
    {
        html.Open("head").Empty("meta", ("charset", "utf-8"));
        html.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
        html.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Empty("meta", ("name", "color-scheme"), ("content", "light dark"));
        html.Element("title", title);
        html.Open("style").Raw("\n");
        foreach (var name in new[] { "report.css", "chart.css", "attention.css" }) html.Raw(Asset.Text(name));
        // The largest view is the rarest: other pages do without its styles and script.
        if (blocks.Any(block => block is FeaturesView)) html.Raw(Asset.Text("features.css"));
        html.Close();
        html.CloseLine();
    }

    private static void Header(MarkupWriter html, Report report)
    {
        html.Open("header").Element("h1", report.Title);
        if (report.Summary.Length > 0) html.Open("p", ("class", "summary")).Raw(Prose.Inline(report.Summary)).Close();
        if (report.Created is { } created)
            html.Open("p", ("class", "note")).Element("time", created.ToString("yyyy-MM-dd HH:mm 'UTC'zzz"),
                ("datetime", created.ToString("O"))).Close();
        html.CloseLine();
    }

    private static void Contents(MarkupWriter html, Report report)
    {
        html.Open("nav", ("aria-label", "Contents")).Open("ol");
        for (var i = 0; i < report.Sections.Count; i++)
            html.Open("li").Element("a", report.Sections[i].Heading, ("href", $"#section-{i + 1}")).Close();
        html.Close().CloseLine();
    }

    private static void Section(Page page, ReportSection section, int number)
    {
        page.Html.Open("section", ("class", "part"), ("id", $"section-{number}"));
        page.Html.Element("h2", section.Heading).Raw("\n");
        foreach (var block in section.Blocks) block.Render(page);
        page.Html.CloseLine();
    }

    private static void Data(Page page, Report report)
    {
        var data = new JsonObject { ["title"] = report.Title };
        if (report.Command.Length > 0) data["command"] = report.Command;
        if (report.Created is { } created) data["created"] = created.ToString("O");
        data["seed"] = report.Seed;
        data["configuration"] = report.Configuration.DeepClone();
        data["libraries"] = new JsonObject(report.Libraries.Select(
            library => KeyValuePair.Create(library.Key, (JsonNode?)library.Value)));
        data["numbers"] = report.Values.DeepClone();
        page.AddDataTo(data);
        page.Html.Open("script", ("type", "application/json"), ("id", "data")).Raw(Json.Inline(data)).CloseLine();
    }

    private static void Scripts(Page page, Report report)
    {
        if (page.HasFigures && report.Interactive && PlotlyBundle.IsEmbedded)
        {
            Script(page, PlotlyBundle.Script);
            Script(page, Asset.Text("plots.js"));
        }
        Script(page, Asset.Text("attention.js"));
        if (page.HasFeatures) Script(page, Asset.Text("features.js"));
        Script(page, Asset.Text("report.js"));
    }

    /// <summary>A script inside the page.</summary>
    internal static void Script(Page page, string script) => page.Html.Open("script").Raw("\n" + script).CloseLine();
}
