using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>One block as a page of its own, as it is shown inside a notebook: no title, no provenance.</summary>
internal static class BlockPage
{
    public static string Write(ReportBlock block)
    {
        var page = new Page();
        var html = page.Html;
        html.Raw("<!DOCTYPE html>\n").Open("html", ("lang", "en"));
        ReportPage.Head(html, "Output", [block]);
        html.Open("body").Open("main", ("style", "padding:0 4px 8px"));
        block.Render(page);
        html.CloseLine();
        var data = new JsonObject();
        page.AddDataTo(data);
        html.Open("script", ("type", "application/json"), ("id", "data")).Raw(Json.Inline(data)).CloseLine();
        ReportPage.Script(page, Asset.Text("attention.js"));
        if (page.HasFeatures) ReportPage.Script(page, Asset.Text("features.js"));
        ReportPage.Script(page, Asset.Text("report.js"));
        return html.Close().Close().Raw("\n").ToString();
    }
}
