using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>Curves and points as plotly.js takes them.</summary>
internal static class LinePlotly
{
    public static JsonObject Build(LineFigure figure)
    {
        var traces = new JsonArray();
        for (var i = 0; i < figure.Series.Count; i++) traces.Add(Trace(figure, i));
        var layout = PlotlyParts.Layout(figure, 400);
        layout["xaxis"] = PlotlyParts.Axis(figure.X);
        layout["yaxis"] = PlotlyParts.Axis(figure.Y);
        Digits(layout["xaxis"]!, figure.X, figure.Series.Select(series => series.X));
        Digits(layout["yaxis"]!, figure.Y, figure.Series.Select(series => series.Y));
        layout["xaxis"]!["showgrid"] = false;
        layout["xaxis"]!["showline"] = true;
        layout["legend"] = new JsonObject { ["orientation"] = "h", ["x"] = 0, ["y"] = 1.02, ["yanchor"] = "bottom" };
        layout["showlegend"] = figure.Series.Count > 1;
        return new JsonObject { ["data"] = traces, ["layout"] = layout };
    }

    /// <summary>
    /// A logarithmic axis of few decades has labels at 1, 2 and 5, one of many at powers of ten alone.
    /// </summary>
    private static void Digits(JsonNode json, Axis axis, IEnumerable<ReadOnlyMemory<float>> values)
    {
        if (!axis.Logarithmic) return;
        var (low, high) = Numbers.Range(values.SelectMany(each => each.ToArray()).Where(value => value > 0).ToArray());
        var few = low > 0 && (axis.Maximum ?? high) / (axis.Minimum ?? low) <= 3000;
        json["dtick"] = few ? "D2" : 1;
    }

    private static JsonObject Trace(LineFigure figure, int index)
    {
        var series = figure.Series[index];
        var (light, dark) = Palette.At(index);
        var trace = new JsonObject
        {
            ["type"] = "scatter",
            ["mode"] = series.Style switch
            {
                SeriesStyle.Line => "lines",
                SeriesStyle.Points => "markers",
                _ => "lines+markers",
            },
            ["name"] = PlotlyParts.Text(series.Name),
            ["x"] = Json.Typed(series.X.Span),
            ["y"] = Json.Typed(series.Y.Span),
            ["connectgaps"] = false,
            ["line"] = new JsonObject { ["color"] = light.Hex, ["width"] = 2, ["dash"] = Palette.PlotlyDash(index) },
            ["marker"] = new JsonObject { ["color"] = light.Hex, ["size"] = 6 },
            ["meta"] = new JsonObject { ["darkColor"] = dark.Hex },
        };
        if (series.PointLabels is not null)
        {
            trace["hovertext"] = Json.Array(Enumerable.Range(0, series.X.Length)
                .Select(i => PlotlyParts.Text(series.PointText(i))));
            trace["hovertemplate"] = "%{hovertext}<extra></extra>";
        }
        return trace;
    }
}
