using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>A heatmap as plotly.js takes it.</summary>
internal static class HeatmapPlotly
{
    public static JsonObject Build(HeatmapFigure figure)
    {
        var (rows, columns) = (figure.Values.Rows, figure.Values.Columns);
        var (low, high) = figure.Span;
        var trace = new JsonObject
        {
            ["type"] = "heatmap",
            ["z"] = Json.Typed(figure.Values.Values.Span, $"{rows}, {columns}"),
            ["zmin"] = low,
            ["zmax"] = high,
            ["colorscale"] = figure.Scale.Stops(dark: false),
            ["meta"] = new JsonObject { ["darkColorscale"] = figure.Scale.Stops(dark: true) },
            ["hoverongaps"] = false,
            ["colorbar"] = new JsonObject
            {
                ["title"] = new JsonObject { ["text"] = PlotlyParts.Text(figure.ValueName), ["side"] = "right" },
                ["thickness"] = 10,
                ["outlinewidth"] = 0,
            },
        };
        Hover(figure, trace);
        if (figure.CellFormat is { } format)
            (trace["texttemplate"], trace["text"]) = ("%{text}", Texts(figure, format));
        if (Math.Max(rows, columns) <= 64) (trace["xgap"], trace["ygap"]) = (1, 1);
        var layout = PlotlyParts.Layout(figure, 110 + Math.Clamp(rows * 34, 140, 560));
        layout["xaxis"] = PlotlyParts.Names(figure.ColumnAxis.Title, Names(columns, figure.ColumnName));
        var vertical = PlotlyParts.Names(figure.RowAxis.Title, Names(rows, figure.RowName));
        vertical["autorange"] = "reversed";
        layout["yaxis"] = vertical;
        return new JsonObject { ["data"] = new JsonArray(trace), ["layout"] = layout };
    }

    /// <summary>
    /// Names under the pointer: each cell's own text where there are few, else the indices. (plotly shows an axis's
    /// names there only if no two are alike, and tokens repeat.)
    /// </summary>
    private static void Hover(HeatmapFigure figure, JsonObject trace)
    {
        if (figure.Values.Values.Length > HeatmapSvg.MostCells)
        {
            trace["hovertemplate"] = "row %{y}, column %{x}: %{z:.6g}<extra></extra>";
            return;
        }
        var texts = new JsonArray();
        for (var row = 0; row < figure.Values.Rows; row++)
        {
            var y = row;
            texts.Add(Json.Array(Enumerable.Range(0, figure.Values.Columns)
                .Select(column => PlotlyParts.Text(figure.CellText(y, column)))));
        }
        (trace["hovertext"], trace["hovertemplate"]) = (texts, "%{hovertext}<extra></extra>");
    }

    private static JsonArray Texts(HeatmapFigure figure, string format)
    {
        var texts = new JsonArray();
        for (var row = 0; row < figure.Values.Rows; row++)
            texts.Add(Json.Array(figure.Values.Row(row).ToArray().Select(value => Numbers.Format(value, format))));
        return texts;
    }

    private static string[] Names(int count, Func<int, string> name) => [.. Enumerable.Range(0, count).Select(name)];
}
