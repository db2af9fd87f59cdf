using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>A graph as plotly.js takes it: one line an edge and one trace of labelled nodes.</summary>
internal static class GraphPlotly
{
    public static JsonObject Build(GraphFigure figure)
    {
        var traces = new JsonArray();
        foreach (var edge in figure.Edges) traces.Add(Edge(figure, edge));
        traces.Add(Nodes(figure));
        var levels = figure.Nodes.Select(node => node.Level).Distinct().Count();
        var layout = PlotlyParts.Layout(figure, 90 + 76 * levels);
        layout["xaxis"] = Bare();
        layout["yaxis"] = Bare();
        layout["showlegend"] = false;
        return new JsonObject { ["data"] = traces, ["layout"] = layout };
    }

    private static JsonObject Edge(GraphFigure figure, GraphEdge edge)
    {
        var share = Math.Abs(edge.Weight) / figure.Largest;
        var (light, dark) = ColorScale.Diverging.At(0.5 + Math.Sign(edge.Weight) * (0.2 + 0.3 * share));
        var (from, to) = (figure.Place(edge.From), figure.Place(edge.To));
        return new JsonObject
        {
            ["type"] = "scatter",
            ["mode"] = "lines",
            ["x"] = new JsonArray(from.X, (from.X + to.X) / 2, to.X),
            ["y"] = new JsonArray(from.Y, (from.Y + to.Y) / 2, to.Y),
            ["text"] = PlotlyParts.Text(GraphFigure.EdgeText(edge)),
            ["hovertemplate"] = "%{text}<extra></extra>",
            ["opacity"] = 0.35 + 0.6 * share,
            ["line"] = new JsonObject { ["color"] = light.Hex, ["width"] = 0.8 + 4.2 * share },
            ["meta"] = new JsonObject { ["darkColor"] = dark.Hex },
        };
    }

    private static JsonObject Nodes(GraphFigure figure) => new()
    {
        ["type"] = "scatter",
        ["mode"] = "markers+text",
        ["x"] = new JsonArray([.. figure.Nodes.Select(node => (JsonNode)figure.Place(node.Id).X)]),
        ["y"] = new JsonArray([.. figure.Nodes.Select(node => (JsonNode)figure.Place(node.Id).Y)]),
        ["text"] = Json.Array(figure.Nodes.Select(node => PlotlyParts.Text(node.Id))),
        ["textposition"] = "top center",
        ["hovertemplate"] = "%{text}<extra></extra>",
        ["marker"] = new JsonObject { ["color"] = "#57606a", ["size"] = 9 },
        ["meta"] = new JsonObject { ["darkColor"] = "#a3abb5" },
    };

    private static JsonObject Bare() => new()
    {
        ["visible"] = false,
        ["automargin"] = true,
    };
}
