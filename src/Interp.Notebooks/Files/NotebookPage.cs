using System.Text;
using System.Text.Json.Nodes;
using Interp.Notebooks.Display;
using Interp.Reports;

namespace Interp.Notebooks.Files;

/// <summary>
/// A notebook with its outputs as one HTML page that opens offline. Figures are drawn by plotly.js where the build has
/// it and scripts run, else they are drawings.
/// </summary>
public static class NotebookPage
{
    /// <summary>The page.</summary>
    /// <param name="notebook">The notebook, after a run.</param>
    public static string Write(NotebookFile notebook)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var figures = new JsonArray();
        var body = Body(notebook, figures, new MarkdownOptions());
        return $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark"><title>{Markup.Escape(notebook.Title)}</title>
            <style>
            {Asset.Text("report.css")}{Asset.Text("chart.css")}{Style}</style></head>
            <body><main class="notebook">
            {body}</main>
            {Scripts(figures)}</body></html>

            """;
    }

    /// <summary>The cells alone, for a page that has a frame of its own.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="figures">Takes what plotly.js draws.</param>
    /// <param name="options">How texts are written.</param>
    internal static string Body(NotebookFile notebook, JsonArray figures, MarkdownOptions options)
    {
        var body = new StringBuilder();
        foreach (var cell in notebook.Cells) Cell(cell, body, figures, options);
        return body.ToString();
    }

    private static void Cell(NotebookCell cell, StringBuilder body, JsonArray figures, MarkdownOptions options)
    {
        if (cell.Kind == CellKind.Markdown)
        {
            body.Append("<section class=\"text\">\n").Append(MarkdownHtml.Convert(cell.Source, options)).Append("</section>\n");
            return;
        }
        if (cell.Kind == CellKind.Raw)
        {
            body.Append($"<pre>{Markup.Escape(cell.Source)}</pre>\n");
            return;
        }
        body.Append("<section class=\"cell\">\n<pre class=\"code\"><code>").Append(CSharpHtml.Convert(cell.Source)).Append("</code></pre>\n");
        foreach (var output in cell.Outputs.OfType<JsonObject>())
            body.Append("<div class=\"output\">").Append(Output(output, figures)).Append("</div>\n");
        body.Append("</section>\n");
    }

    private static string Output(JsonObject output, JsonArray figures) => output["output_type"]?.ToString() switch
    {
        "stream" => $"<pre class=\"{(output["name"]?.ToString() == "stderr" ? "stderr" : "stdout")}\">{Text(output["text"])}</pre>",
        "error" => $"<pre class=\"error\">{Markup.Escape(string.Join('\n', (output["traceback"] as JsonArray ?? []).Select(line => line?.ToString() ?? "")))}</pre>",
        _ => output["data"] is JsonObject data ? Rich(data, figures) : "",
    };

    private static string Rich(JsonObject data, JsonArray figures)
    {
        if (data[MimeBundle.PlotlyType] is JsonObject plot && data[MimeBundle.SvgType] is { } drawing)
        {
            var svg = Whole(drawing);
            var caption = Whole(data[MimeBundle.HtmlType]).Replace(svg, "", StringComparison.Ordinal);
            return Figure(plot, svg, Whole(data[MimeBundle.PlainType]), caption, figures);
        }

        if (data[MimeBundle.HtmlType] is { } html) return Whole(html);
        if (data[MimeBundle.SvgType] is { } image) return Whole(image);
        if (data[MimeBundle.PngType] is { } png) return $"<img alt=\"\" src=\"data:image/png;base64,{Markup.Escape(Whole(png).Trim())}\">";
        return data[MimeBundle.MarkdownType] is { } markdown ? MarkdownHtml.Convert(Whole(markdown))
            : $"<pre>{Text(data[MimeBundle.PlainType])}</pre>";
    }

    private static string Figure(JsonObject plot, string svg, string title, string caption, JsonArray figures)
    {
        // The drawing has its title inside; what plotly.js puts in its place has it from the line above, shown only then.
        var drawing = $"<div class=\"static\">{svg}</div>{caption}</figure>";
        if (!PlotlyBundle.IsEmbedded) return $"<figure class=\"figure\">{drawing}";
        var id = $"figure-{figures.Count + 1}";
        var figure = (JsonObject)plot.DeepClone();
        figure["id"] = id;
        figures.Add(figure);
        return $"<figure class=\"figure\" id=\"{id}\"><figcaption><strong>{Markup.Escape(title)}</strong></figcaption>"
            + drawing;
    }

    private static string Scripts(JsonArray figures)
    {
        if (figures.Count == 0 || !PlotlyBundle.IsEmbedded) return "";
        var data = Json.Inline(new JsonObject { ["figures"] = figures });
        return $"<script type=\"application/json\" id=\"data\">{data}</script>\n<script>\n{PlotlyBundle.Script}</script>\n"
            + $"<script>\n{Asset.Text("plots.js")}</script>\n";
    }

    private static string Text(JsonNode? node) => Markup.Escape(Whole(node));

    private static string Whole(JsonNode? node) => node switch
    {
        JsonArray lines => string.Concat(lines.Select(line => line?.ToString())),
        null => "",
        _ => node.ToString(),
    };

    /// <summary>The styles of cells.</summary>
    internal const string Style = """
        .notebook { max-width: 960px; }
        .notebook h2 { margin-top: 40px; }
        .notebook .text table { margin: 0 0 14px; }
        .notebook .text pre, .cell .code { background: var(--raised); border-radius: 6px; padding: 10px 14px; overflow-x: auto; margin: 14px 0 8px; }
        .cell .code { border-left: 3px solid var(--accent); font-size: 13.5px; }
        .output { overflow-x: auto; margin: 4px 0 12px; padding-left: 17px; }
        .output pre { margin: 4px 0; white-space: pre-wrap; }
        .output figure { margin-top: 12px; }
        .output figure:not(.drawn) figcaption { display: none; }
        @media print { .output figure figcaption { display: none; } }
        .stderr { color: #9a6700; }
        .error { color: #b3261e; }
        .k { color: #7a2fa3; } .s { color: #0a6b3d; } .n { color: #a04a00; } .c { color: var(--muted); font-style: italic; }
        blockquote { margin: 0 0 14px; padding-left: 14px; border-left: 3px solid var(--line); color: var(--muted); }
        details { border: 1px solid var(--line); border-radius: 6px; padding: 6px 12px; margin: 0 0 14px; }
        summary { cursor: pointer; color: var(--accent); }
        @media screen and (prefers-color-scheme: dark) {
          .k { color: #c792ea; } .s { color: #8fd19e; } .n { color: #f0a35e; } .error { color: #ff8a80; } .stderr { color: #e3b341; }
          .output iframe { background: #15181c; }
        }

        """;
}
