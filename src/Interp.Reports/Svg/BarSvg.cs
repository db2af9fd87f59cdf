using static Interp.Reports.Numbers;

namespace Interp.Reports;

/// <summary>Draws bars as SVG.</summary>
internal static class BarSvg
{
    private const double PlotHeight = 260;
    private const double PlotWidth = 600;

    public static string Draw(BarFigure figure, SvgCanvas canvas)
    {
        if (figure.Series.Count == 0)
            throw new ArgumentException($"the figure '{figure.Title}' has no bars; add a series");
        var svg = SvgCanvas.Content();
        var legend = SvgCanvas.Legend(svg, [.. figure.Series.Select(series => series.Name)], 0, PlotWidth, _ => false);
        var top = legend + 8;
        var bottom = top + PlotHeight;
        var ends = from series in Enumerable.Range(0, figure.Series.Count)
                   from category in Enumerable.Range(0, figure.Categories.Count)
                   select (float)figure.Span(series, category).To;
        var (low, high) = Range(ends.ToArray());
        var scale = new AxisScale(
            figure.ValueAxis with { Logarithmic = false }, Math.Min(low, 0), Math.Max(high, 0),
            bottom, top, snap: true);
        var ticks = scale.Ticks().ToArray();
        var step = Math.Min(PlotWidth / figure.Categories.Count, 28 + 24 * Beside(figure));
        var names = new CategoryLabels(figure.Categories, step);
        var left = Math.Max(names.Overhang - step / 2 + 4, (figure.ValueAxis.Title.Length > 0 ? 22 : 0)
            + ticks.Select(tick => TextSize.Width(tick.Label, SvgCanvas.FontSize)).DefaultIfEmpty(0).Max() + 8);
        var right = left + step * figure.Categories.Count;
        foreach (var (pixel, label) in ticks)
        {
            SvgCanvas.Rule(svg, left, pixel, right, pixel);
            SvgCanvas.Label(svg, left - 8, pixel, label, "end");
        }
        Bars(svg, figure, scale, left, step);
        SvgCanvas.Rule(svg, left, scale.Clamped(0), right, scale.Clamped(0), strong: true);
        names.Draw(svg, left + step / 2, bottom);
        var end = bottom + names.Height;
        if (figure.ValueAxis.Title.Length > 0)
            SvgCanvas.Label(svg, 8, (top + bottom) / 2, figure.ValueAxis.Title, "middle", "axis", -90);
        if (figure.CategoryAxis.Title.Length > 0)
            SvgCanvas.Label(svg, (left + right) / 2, end + 10, figure.CategoryAxis.Title, "middle", "axis");
        return canvas.Finish(Math.Max(right + 14, legend > 0 ? PlotWidth : 0), end + 24, svg.ToString());
    }

    /// <summary>How many bars of a group stand beside each other.</summary>
    private static int Beside(BarFigure figure) => figure.Stacked ? 1 : figure.Series.Count;

    private static void Bars(MarkupWriter svg, BarFigure figure, AxisScale scale, double left, double step)
    {
        var width = Math.Min(step * 0.72 / Beside(figure), 28);
        for (var series = 0; series < figure.Series.Count; series++)
        {
            var (light, dark) = Palette.At(series);
            for (var category = 0; category < figure.Categories.Count; category++)
            {
                if (!float.IsFinite(figure.Series[series].Values.Span[category])) continue;
                var place = figure.Stacked ? 0 : series;
                var x = left + (category + 0.5) * step + (place - Beside(figure) / 2.0) * width;
                var (from, to) = figure.Span(series, category);
                var (start, y) = (scale.Clamped(from), scale.Clamped(to));
                svg.Open("rect", ("class", "c"), ("x", Pixel(x + 0.5)), ("y", Pixel(Math.Min(y, start))),
                    ("width", Pixel(Math.Max(width - 1, 0.5))), ("height", Pixel(Math.Max(Math.Abs(y - start), 0.5))),
                    ("fill", light.Hex), ("style", SvgCanvas.Dark(dark)));
                svg.Element("title", figure.BarText(series, category)).Close();
            }
        }
    }
}
