using static Interp.Reports.Numbers;

namespace Interp.Reports;

/// <summary>The bar beside a heatmap that says which colour is which number.</summary>
internal static class ColorBar
{
    private const double Thickness = 10;
    private const int Steps = 48;

    /// <summary>Draws the bar at a left edge between two heights; returns the width taken.</summary>
    public static double Draw(
        MarkupWriter svg, ColorScale colors, double low, double high, string name,
        double left, double top, double bottom)
    {
        var step = (bottom - top) / Steps;
        for (var i = 0; i < Steps; i++)
        {
            var (light, dark) = colors.At(1 - (i + 0.5) / Steps);
            // Half a pixel of overlap, so that no seams of the page show between the steps.
            svg.Empty("rect", ("class", "c"), ("x", Pixel(left)), ("y", Pixel(top + i * step)),
                ("width", Pixel(Thickness)), ("height", Pixel(step + (i < Steps - 1 ? 0.5 : 0))),
                ("fill", light.Hex), ("style", SvgCanvas.Dark(dark)));
        }
        var axis = new Axis { Minimum = low, Maximum = high };
        var scale = new AxisScale(axis, low, high, bottom, top, snap: false, spacing: 36);
        var widest = 0.0;
        foreach (var (y, label) in scale.Ticks())
        {
            SvgCanvas.Rule(svg, left + Thickness, y, left + Thickness + 3, y, strong: true);
            SvgCanvas.Label(svg, left + Thickness + 7, y, label, "start", "small");
            widest = Math.Max(widest, TextSize.Width(label, 11));
        }
        SvgCanvas.Label(svg, left, top - 14, name, "start", "small");
        return Math.Max(Thickness + 7 + widest, TextSize.Width(name, 11));
    }
}
