using static Interp.Reports.Numbers;

namespace Interp.Reports;

/// <summary>Draws vectors in panels as SVG.</summary>
internal static class VectorSvg
{
    private const double Side = 124;

    public static string Draw(VectorFigure figure, SvgCanvas canvas)
    {
        var svg = SvgCanvas.Content();
        var unit = Side / (2 * figure.Reach);
        for (var panel = 0; panel < figure.Panels.Count; panel++)
        {
            var (x, y) = figure.Origin(panel);
            (x, y) = (x * unit, y * unit);
            svg.Empty("circle", ("class", "grid"), ("cx", Pixel(x)), ("cy", Pixel(y)), ("r", Pixel(unit)),
                ("fill", "none"), ("stroke", "#e6e8eb"));
            for (var i = 0; i < figure.Vectors; i++) Vector(svg, figure, panel, i, x, y, unit);
            SvgCanvas.Label(svg, x, y + Side / 2 + 10, TokenText.Short(figure.Panels[panel].Name, 20), "middle");
        }
        var height = Side + (figure.Rows - 1) * figure.RowStep * unit + 24;
        return canvas.Finish(figure.Columns * Side, height, svg.ToString());
    }

    private static void Vector(
        MarkupWriter svg, VectorFigure figure, int panel, int vector, double x, double y, double unit)
    {
        var (light, dark) = figure.Color(vector);
        var row = figure.Panels[panel].Vectors.Row(vector);
        var (toX, toY) = (x + row[0] * unit, y - row[1] * unit);
        svg.Empty("path", ("class", "s"), ("d", $"M{Pixel(x)} {Pixel(y)}L{Pixel(toX)} {Pixel(toY)}"),
            ("stroke", light.Hex), ("fill", "none"), ("stroke-width", "2"), ("style", SvgCanvas.Dark(dark)));
        svg.Open("circle", ("class", "c"), ("cx", Pixel(toX)), ("cy", Pixel(toY)), ("r", "4"), ("fill", light.Hex),
            ("style", SvgCanvas.Dark(dark)));
        svg.Element("title", figure.VectorText(panel, vector)).Close();
    }
}
