using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>Vectors in panels as plotly.js takes them: one trace for each vector, over all panels.</summary>
internal static class VectorPlotly
{
    public static JsonObject Build(VectorFigure figure)
    {
        var height = 2 * figure.Reach + (figure.Rows - 1) * figure.RowStep + 0.42 * figure.Reach;
        var width = 2 * figure.Reach * figure.Columns;
        var layout = PlotlyParts.Layout(figure, 60 + 150 * height / (2 * figure.Reach));
        layout["margin"] = new JsonObject { ["l"] = 4, ["r"] = 4, ["t"] = 40, ["b"] = 4 };
        layout["xaxis"] = Bare(0, width);
        layout["yaxis"] = Bare(-height, 0);
        layout["yaxis"]!["scaleanchor"] = "x";
        layout["showlegend"] = false;
        layout["shapes"] = new JsonArray([.. Each(figure).Select(panel => (JsonNode)Circle(figure.Origin(panel)))]);
        layout["annotations"] = new JsonArray([.. Each(figure).Select(panel => (JsonNode)Name(figure, panel))]);
        var traces = Enumerable.Range(0, figure.Vectors).Select(i => (JsonNode)Trace(figure, i));
        return new JsonObject { ["data"] = new JsonArray([.. traces]), ["layout"] = layout };
    }

    private static IEnumerable<int> Each(VectorFigure figure) => Enumerable.Range(0, figure.Panels.Count);

    /// <summary>From the origin to the tip in each panel; what is not a number lifts the pen between panels.</summary>
    private static JsonObject Trace(VectorFigure figure, int vector)
    {
        var (light, dark) = figure.Color(vector);
        float[] Places(Func<(double X, double Y), double> origin, int axis) =>
            [.. Each(figure).SelectMany(panel =>
            {
                var start = (float)origin(figure.Origin(panel));
                return new[] { start, start + figure.Panels[panel].Vectors[vector, axis], float.NaN };
            })];
        return new JsonObject
        {
            ["type"] = "scatter",
            ["mode"] = "lines+markers",
            ["x"] = Json.Typed(Places(origin => origin.X, 0)),
            ["y"] = Json.Typed(Places(origin => -origin.Y, 1)),
            ["hovertext"] = Json.Array(Each(figure).SelectMany(panel =>
                new[] { "", PlotlyParts.Text(figure.VectorText(panel, vector)), "" })),
            ["hovertemplate"] = "%{hovertext}<extra></extra>",
            ["line"] = new JsonObject { ["color"] = light.Hex, ["width"] = 2 },
            ["marker"] = new JsonObject
            {
                ["color"] = light.Hex,
                ["size"] = new JsonArray([.. Each(figure).SelectMany(_ => new JsonNode[] { 0, 9, 0 })]),
                ["opacity"] = 1,
            },
            ["meta"] = new JsonObject { ["darkColor"] = dark.Hex },
        };
    }

    private static JsonObject Circle((double X, double Y) origin) => new()
    {
        ["type"] = "circle",
        ["layer"] = "below",
        ["x0"] = origin.X - 1,
        ["x1"] = origin.X + 1,
        ["y0"] = -origin.Y - 1,
        ["y1"] = -origin.Y + 1,
        ["line"] = new JsonObject { ["color"] = "rgba(140,149,159,0.4)", ["width"] = 1 },
    };

    private static JsonObject Name(VectorFigure figure, int panel) => new()
    {
        ["text"] = PlotlyParts.Text(TokenText.Short(figure.Panels[panel].Name, 20)),
        ["x"] = figure.Origin(panel).X,
        ["y"] = -figure.Origin(panel).Y - 1.02 * figure.Reach,
        ["yanchor"] = "top",
        ["showarrow"] = false,
    };

    private static JsonObject Bare(double from, double to) => new()
    {
        ["visible"] = false,
        ["range"] = new JsonArray(from, to),
    };
}
