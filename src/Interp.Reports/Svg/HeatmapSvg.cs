using static Interp.Reports.Numbers;

namespace Interp.Reports;

/// <summary>
/// Draws a heatmap as SVG: up to 4,096 cells as rectangles with the exact number under the pointer, more as an
/// image.
/// </summary>
internal static class HeatmapSvg
{
    /// <summary>The largest number of cells that are drawn one by one.</summary>
    public const int MostCells = 4096;

    private const double MostWidth = 600;
    private const double MostHeight = 520;

    public static string Draw(HeatmapFigure figure, SvgCanvas canvas)
    {
        var (rows, columns) = (figure.Values.Rows, figure.Values.Columns);
        var (width, height) = CellSize(figure);
        var names = Enumerable.Range(0, rows).Select(row => TokenText.Label(figure.RowName(row), 24)).ToArray();
        var below = new CategoryLabels(Enumerable.Range(0, columns).Select(figure.ColumnName), width);
        var titled = figure.RowAxis.Title.Length > 0 ? 22 : 0;
        var left = Math.Max(titled + names.Max(name => TextSize.Width(name, SvgCanvas.FontSize)) + 8,
            below.Overhang - width / 2 + 4);
        const double Top = 26;
        var (right, bottom) = (left + columns * width, Top + rows * height);
        var svg = SvgCanvas.Content();

        if (rows * columns <= MostCells) Cells(svg, figure, left, Top, width, height);
        else Images(svg, figure, left, Top, right - left, bottom - Top);
        var every = Math.Max(1, (int)Math.Ceiling(14 / height));
        for (var row = 0; row < rows; row += every)
            SvgCanvas.Label(svg, left - 7, Top + (row + 0.5) * height, names[row], "end");
        below.Draw(svg, left + width / 2, bottom);
        var end = bottom + below.Height;
        Titles(svg, figure, left, right, Top, bottom, ref end);
        var (low, high) = figure.Span;
        var barBottom = Math.Min(Math.Max(bottom, Top + 96), Top + 260);
        var bar = ColorBar.Draw(svg, figure.Scale, low, high, figure.ValueName, right + 20, Top, barBottom);
        return canvas.Finish(right + 20 + bar + 2, Math.Max(end, barBottom + 8), svg.ToString());
    }

    /// <summary>The place on the colour scale, from 0 to 1.</summary>
    public static double Fraction(double value, (double Low, double High) span) =>
        Math.Clamp((value - span.Low) / (span.High - span.Low), 0, 1);

    private static (double Width, double Height) CellSize(HeatmapFigure figure)
    {
        var most = figure.CellFormat is null ? 34 : 44;
        var width = Math.Min(most, MostWidth / figure.Values.Columns);
        var height = Math.Min(Math.Min(most, 34), MostHeight / figure.Values.Rows);
        // Matrices close to square keep square cells; long thin ones fill the width.
        var ratio = (double)figure.Values.Rows / figure.Values.Columns;
        if (ratio is > 0.4 and < 2.5 && figure.CellFormat is null) width = height = Math.Min(width, height);
        return (width, Math.Max(height, 4));
    }

    private static void Cells(
        MarkupWriter svg, HeatmapFigure figure, double left, double top, double width, double height)
    {
        var gap = Math.Min(width, height) >= 9 ? 1 : 0;
        for (var row = 0; row < figure.Values.Rows; row++)
            for (var column = 0; column < figure.Values.Columns; column++)
                Cell(svg, figure, row, column, left + column * width, top + row * height, width - gap, height - gap);
    }

    private static void Cell(
        MarkupWriter svg, HeatmapFigure figure, int row, int column, double x, double y, double width, double height)
    {
        var value = figure.Values[row, column];
        var finite = float.IsFinite(value);
        var (light, dark) = figure.Scale.At(finite ? Fraction(value, figure.Span) : 0);
        svg.Open("rect", ("class", finite ? "c" : "gap"), ("x", Pixel(x)), ("y", Pixel(y)), ("width", Pixel(width)),
            ("height", Pixel(height)), ("fill", finite ? light.Hex : "none"), ("stroke", finite ? null : "#8c959f"),
            ("stroke-dasharray", finite ? null : "2 2"), ("style", finite ? SvgCanvas.Dark(dark) : null));
        svg.Element("title", figure.CellText(row, column)).Close();
        if (figure.CellFormat is null || !finite) return;
        var text = Format(value, figure.CellFormat);
        if (TextSize.Width(text, 11) + 4 > width || height < 14) return;
        svg.Element("text", text, ("class", "c cell"), ("x", Pixel(x + width / 2)), ("y", Pixel(y + height / 2)),
            ("dy", ".35em"), ("text-anchor", "middle"), ("font-size", "11"), ("fill", light.Ink.Hex),
            ("pointer-events", "none"), ("style", SvgCanvas.Dark(dark.Ink)));
    }

    private static void Images(
        MarkupWriter svg, HeatmapFigure figure, double left, double top, double width, double height)
    {
        // The image for a light page comes last: what knows no styles shows it on top.
        foreach (var dark in new[] { true, false })
        {
            var png = Png.Encode(figure.Values, value => Paint(figure, value, dark));
            svg.Empty("image", ("class", dark ? "only-dark" : "only-light"), ("x", Pixel(left)), ("y", Pixel(top)),
                ("width", Pixel(width)), ("height", Pixel(height)), ("preserveAspectRatio", "none"),
                ("style", "image-rendering:pixelated"),
                ("href", "data:image/png;base64," + Convert.ToBase64String(png)));
        }
    }

    private static Rgb? Paint(HeatmapFigure figure, float value, bool dark)
    {
        if (!float.IsFinite(value)) return null;
        var (light, night) = figure.Scale.At(Fraction(value, figure.Span));
        return dark ? night : light;
    }

    private static void Titles(
        MarkupWriter svg, HeatmapFigure figure, double left, double right, double top, double bottom, ref double end)
    {
        if (figure.RowAxis.Title.Length > 0)
            SvgCanvas.Label(svg, 8, (top + bottom) / 2, figure.RowAxis.Title, "middle", "axis", -90);
        if (figure.ColumnAxis.Title.Length == 0) return;
        SvgCanvas.Label(svg, (left + right) / 2, end + 10, figure.ColumnAxis.Title, "middle", "axis");
        end += 22;
    }
}
