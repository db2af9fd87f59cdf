using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>Bars as plotly.js takes them.</summary>
internal static class BarPlotly
{
    public static JsonObject Build(BarFigure figure)
    {
        var traces = new JsonArray();
        for (var i = 0; i < figure.Series.Count; i++) traces.Add(Trace(figure, i));
        var layout = PlotlyParts.Layout(figure, 360);
        layout["barmode"] = figure.Stacked ? "relative" : "group";
        layout["xaxis"] = PlotlyParts.Names(figure.CategoryAxis.Title, figure.Categories);
        layout["yaxis"] = PlotlyParts.Axis(figure.ValueAxis with { Logarithmic = false });
        layout["yaxis"]!["zeroline"] = true;
        layout["yaxis"]!["zerolinecolor"] = "#8c959f";
        layout["legend"] = new JsonObject { ["orientation"] = "h", ["x"] = 0, ["y"] = 1.02, ["yanchor"] = "bottom" };
        layout["showlegend"] = figure.Series.Count > 1;
        return new JsonObject { ["data"] = traces, ["layout"] = layout };
    }

    private static JsonObject Trace(BarFigure figure, int series)
    {
        var (light, dark) = Palette.At(series);
        return new JsonObject
        {
            ["type"] = "bar",
            ["name"] = PlotlyParts.Text(figure.Series[series].Name),
            ["y"] = Json.Typed(figure.Series[series].Values.Span),
            ["hovertext"] = Json.Array(Enumerable.Range(0, figure.Categories.Count)
                .Select(category => PlotlyParts.Text(figure.BarText(series, category)))),
            ["hovertemplate"] = "%{hovertext}<extra></extra>",
            ["marker"] = new JsonObject { ["color"] = light.Hex },
            ["meta"] = new JsonObject { ["darkColor"] = dark.Hex },
        };
    }
}
