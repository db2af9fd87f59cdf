using System.Text;
using static Interp.Reports.Numbers;

namespace Interp.Reports;

/// <summary>Draws curves and points as SVG.</summary>
internal static class LineSvg
{
    private const double PlotWidth = 560;
    private const double PlotHeight = 300;
    private const int MostTitles = 400;

    public static string Draw(LineFigure figure, SvgCanvas canvas)
    {
        var svg = SvgCanvas.Content();
        var legend = SvgCanvas.Legend(svg, [.. figure.Series.Select(series => series.Name)], 0, PlotWidth,
            i => figure.Series[i].Style != SeriesStyle.Points);
        var top = legend + 8;
        var bottom = top + PlotHeight;
        var (x, y) = Ranges(figure);
        var vertical = new AxisScale(figure.Y, y.Low, y.High, bottom, top, snap: true);
        var labels = vertical.Ticks().ToArray();
        var left = (figure.Y.Title.Length > 0 ? 22 : 0)
            + labels.Select(tick => TextSize.Width(tick.Label, SvgCanvas.FontSize)).DefaultIfEmpty(0).Max() + 8;
        var right = left + PlotWidth;
        var horizontal = new AxisScale(figure.X, x.Low, x.High, left, right, snap: false);
        Axes(svg, figure, horizontal, labels, left, right, top, bottom);
        for (var i = 0; i < figure.Series.Count; i++) Curve(svg, figure, i, horizontal, vertical);
        return canvas.Finish(right + 14, bottom + 22 + (figure.X.Title.Length > 0 ? 24 : 4), svg.ToString());
    }

    private static ((double Low, double High) X, (double Low, double High) Y) Ranges(LineFigure figure)
    {
        var xs = new List<float>();
        var ys = new List<float>();
        foreach (var series in figure.Series)
        {
            for (var i = 0; i < series.X.Length; i++)
            {
                var (x, y) = (series.X.Span[i], series.Y.Span[i]);
                if (!figure.CanDraw(x, y)) continue;
                xs.Add(x);
                ys.Add(y);
            }
        }
        var (low, high) = Range(xs.ToArray());
        // Marks at the very ends would be cut in half by the edge.
        var isMarked = figure.Series.Any(series => series.Style != SeriesStyle.Line);
        if (isMarked && figure.X.Logarithmic)
            (low, high) = (low * Math.Pow(low / high, 0.03), high * Math.Pow(high / low, 0.03));
        else if (isMarked)
            (low, high) = (low - 0.03 * (high - low), high + 0.03 * (high - low));
        return ((low, high), Range(ys.ToArray()));
    }

    private static void Axes(
        MarkupWriter svg, LineFigure figure, AxisScale horizontal, (double Pixel, string Label)[] vertical,
        double left, double right, double top, double bottom)
    {
        foreach (var (pixel, label) in vertical)
        {
            SvgCanvas.Rule(svg, left, pixel, right, pixel);
            SvgCanvas.Label(svg, left - 8, pixel, label, "end");
        }
        SvgCanvas.Rule(svg, left, bottom, right, bottom, strong: true);
        var free = double.NegativeInfinity;
        foreach (var (pixel, label) in horizontal.Ticks())
        {
            SvgCanvas.Rule(svg, pixel, bottom, pixel, bottom + 4, strong: true);
            var half = TextSize.Width(label, SvgCanvas.FontSize) / 2;
            if (pixel - half < free) continue;
            SvgCanvas.Label(svg, pixel, bottom + 14, label, "middle");
            free = pixel + half + 6;
        }
        if (figure.Y.Title.Length > 0)
            SvgCanvas.Label(svg, 8, (top + bottom) / 2, figure.Y.Title, "middle", "axis", -90);
        if (figure.X.Title.Length > 0)
            SvgCanvas.Label(svg, (left + right) / 2, bottom + 36, figure.X.Title, "middle", "axis");
    }

    private static void Curve(MarkupWriter svg, LineFigure figure, int index, AxisScale horizontal, AxisScale vertical)
    {
        var series = figure.Series[index];
        var (light, dark) = Palette.At(index);
        if (series.Style != SeriesStyle.Points)
            svg.Empty("path", ("class", "s"), ("d", Path(figure, series, horizontal, vertical)), ("fill", "none"),
                ("stroke", light.Hex), ("stroke-width", "1.8"), ("stroke-linejoin", "round"),
                ("stroke-linecap", "round"), ("stroke-dasharray", Palette.Dash(index)),
                ("style", SvgCanvas.Dark(dark)));
        var marked = series.Style != SeriesStyle.Line;
        // A point every pixel or two has nothing to point at: long curves carry no titles.
        if (!marked && series.X.Length > MostTitles) return;
        for (var i = 0; i < series.X.Length; i++)
        {
            var (x, y) = (series.X.Span[i], series.Y.Span[i]);
            if (!figure.CanDraw(x, y)) continue;
            // A line's points are invisible targets for the pointer, except one that no neighbour joins to the line.
            var shown = marked || IsAlone(figure, series, i);
            svg.Open("circle", ("class", shown ? "c" : "target"), ("cx", Pixel(horizontal.Clamped(x))),
                ("cy", Pixel(vertical.Clamped(y))), ("r", shown ? "3" : "6"), ("fill", light.Hex),
                ("fill-opacity", shown ? null : "0"), ("style", shown ? SvgCanvas.Dark(dark) : null));
            svg.Element("title", series.PointText(i)).Close();
        }
    }

    private static bool IsAlone(LineFigure figure, Series series, int i) =>
        !Drawn(figure, series, i - 1) && !Drawn(figure, series, i + 1);

    private static bool Drawn(LineFigure figure, Series series, int i) =>
        i >= 0 && i < series.X.Length && figure.CanDraw(series.X.Span[i], series.Y.Span[i]);

    private static string Path(LineFigure figure, Series series, AxisScale horizontal, AxisScale vertical)
    {
        var path = new StringBuilder();
        var pen = false;
        for (var i = 0; i < series.X.Length; i++)
        {
            var (x, y) = (series.X.Span[i], series.Y.Span[i]);
            if (!figure.CanDraw(x, y))
            {
                pen = false;
                continue;
            }
            path.Append(pen ? 'L' : 'M').Append(Pixel(horizontal.Clamped(x)));
            path.Append(' ').Append(Pixel(vertical.Clamped(y)));
            pen = true;
        }
        return path.ToString();
    }
}
