using static Interp.Reports.Numbers;

namespace Interp.Reports;

/// <summary>Draws a graph as SVG: curves that rise, blue for positive weights and red for negative ones.</summary>
internal static class GraphSvg
{
    private const double LevelHeight = 76;
    private const double NodeHeight = 22;

    public static string Draw(GraphFigure figure, SvgCanvas canvas)
    {
        var svg = SvgCanvas.Content();
        var widest = figure.Nodes.GroupBy(node => node.Level).Max(level => level.Sum(node => NodeWidth(node) + 14));
        var width = Math.Max(320, widest);
        var levels = figure.Nodes.Select(node => node.Level).Distinct().Order().ToList();
        var height = (levels.Count - 1) * LevelHeight + NodeHeight + 8;
        (double X, double Y) At(string id)
        {
            var (x, level) = figure.Place(id);
            return (x * width, height - 4 - NodeHeight / 2 - levels.IndexOf((int)level) * LevelHeight);
        }
        foreach (var edge in figure.Edges) Edge(svg, figure, edge, At(edge.From), At(edge.To));
        foreach (var node in figure.Nodes) Node(svg, node, At(node.Id));
        return canvas.Finish(width, height, svg.ToString());
    }

    private static double NodeWidth(GraphNode node) => TextSize.Width(node.Id, SvgCanvas.FontSize) + 16;

    private static void Edge(MarkupWriter svg, GraphFigure figure, GraphEdge edge, (double X, double Y) from,
        (double X, double Y) to)
    {
        var share = Math.Abs(edge.Weight) / figure.Largest;
        var (light, dark) = ColorScale.Diverging.At(0.5 + Math.Sign(edge.Weight) * (0.2 + 0.3 * share));
        var (start, end) = (from.Y - NodeHeight / 2, to.Y + NodeHeight / 2);
        var bend = (start - end) / 2;
        svg.Open("path", ("class", "s edge"),
            ("d", $"M{Pixel(from.X)} {Pixel(start)}C{Pixel(from.X)} {Pixel(start - bend)} {Pixel(to.X)} {Pixel(end + bend)} {Pixel(to.X)} {Pixel(end)}"),
            ("stroke", light.Hex), ("fill", "none"), ("stroke-width", Pixel(0.8 + 4.2 * share)),
                ("stroke-opacity", Pixel(0.35 + 0.6 * share)),
            ("style", SvgCanvas.Dark(dark)));
        svg.Element("title", GraphFigure.EdgeText(edge)).Close();
    }

    private static void Node(MarkupWriter svg, GraphNode node, (double X, double Y) at)
    {
        var width = NodeWidth(node);
        svg.Empty("rect", ("class", "node"), ("x", Pixel(at.X - width / 2)), ("y", Pixel(at.Y - NodeHeight / 2)),
            ("width", Pixel(width)),
            ("height", Pixel(NodeHeight)), ("rx", "5"), ("fill", "#ffffff"), ("stroke", "#8c959f"));
        SvgCanvas.Label(svg, at.X, at.Y, node.Id, "middle", "axis");
    }
}
