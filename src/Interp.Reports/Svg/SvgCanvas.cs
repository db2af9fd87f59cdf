using static Interp.Reports.Numbers;

namespace Interp.Reports;

/// <summary>
/// The pieces that charts are drawn with. Colours come in pairs: the attribute holds the one for a light page, the
/// variable <c>--d</c> the one for a dark page, which the style sheet puts in its place.
/// </summary>
internal sealed class SvgCanvas
{
    /// <summary>Size of labels in pixels.</summary>
    public const double FontSize = 12;

    private const double TitleHeight = 34;
    private readonly MarkupWriter _svg = new();
    private readonly string _title;
    private readonly string _description;
    private readonly bool _standalone;

    /// <param name="title">The title above the drawing, empty where the page has it.</param>
    /// <param name="description">What a screen reader says.</param>
    /// <param name="standalone">Whether styles, title and background are part of the drawing.</param>
    public SvgCanvas(string title, string description, bool standalone)
    {
        _title = title;
        _description = description;
        _standalone = standalone;
    }

    /// <summary>Writes elements inside a root element of a size, and returns the drawing.</summary>
    public string Finish(double width, double height, string content)
    {
        var top = _standalone ? TitleHeight : 0;
        var margin = _standalone ? 12 : 0;
        if (_standalone) width = Math.Max(width, TextSize.Width(_title, 16) + 8);
        var (fullWidth, fullHeight) = (width + 2 * margin, height + top + 2 * margin);
        _svg.Open("svg", ("xmlns", "http://www.w3.org/2000/svg"), ("class", "interp-chart"), ("role", "img"),
            ("aria-label", _description), ("width", Pixel(fullWidth)), ("height", Pixel(fullHeight)),
            ("viewBox", $"{-margin} {Pixel(-margin - top)} {Pixel(fullWidth)} {Pixel(fullHeight)}"),
            ("font-family", "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"),
            ("font-size", Pixel(FontSize)));
        if (_standalone)
        {
            _svg.Open("style").Raw(Asset.Text("chart.css")).Close();
            _svg.Empty("rect", ("class", "paper"), ("x", Pixel(-margin)), ("y", Pixel(-margin - top)),
                ("width", Pixel(fullWidth)), ("height", Pixel(fullHeight)), ("fill", "#ffffff"));
            Label(0, -TitleHeight + 16, _title, "start", "title");
        }
        return _svg.Raw(content).Close().ToString();
    }

    /// <summary>A canvas for the elements inside a root element.</summary>
    public static MarkupWriter Content() => new();

    /// <summary>A label; <c>anchor</c> is start, middle or end.</summary>
    public void Label(double x, double y, string text, string anchor, string kind) =>
        Label(_svg, x, y, text, anchor, kind);

    /// <summary>A label whose middle is at <paramref name="y"/>, turned by some degrees.</summary>
    public static void Label(
        MarkupWriter svg, double x, double y, string text, string anchor, string kind = "label", double turn = 0)
    {
        var size = kind switch { "title" => "15", "small" => "11", _ => null };
        svg.Element("text", text, ("class", kind), ("x", Pixel(x)), ("y", Pixel(y)), ("dy", ".35em"),
            ("text-anchor", anchor == "start" ? null : anchor), ("font-size", size),
            ("font-weight", kind == "title" ? "600" : null),
            ("fill", kind is "title" or "axis" ? "#1b1f24" : "#57606a"),
            ("transform", turn == 0 ? null : $"rotate({Pixel(turn)} {Pixel(x)} {Pixel(y)})"));
    }

    /// <summary>A horizontal or vertical line of the grid, or an axis.</summary>
    public static void Rule(MarkupWriter svg, double x1, double y1, double x2, double y2, bool strong = false) =>
        svg.Empty("path", ("class", strong ? "axis-line" : "grid"),
            ("d", $"M{Pixel(x1)} {Pixel(y1)}L{Pixel(x2)} {Pixel(y2)}"),
            ("stroke", strong ? "#8c959f" : "#e6e8eb"), ("fill", "none"));

    /// <summary>The style that carries a colour for dark pages.</summary>
    public static string Dark(Rgb color) => $"--d:{color.Hex}";

    /// <summary>The names of the series in one row or more, from a left edge; returns the height taken.</summary>
    public static double Legend(
        MarkupWriter svg, IReadOnlyList<string> names, double left, double width, Func<int, bool> isLine)
    {
        if (names.Count == 1) return 0; // the title says what it is
        double x = left, y = 8;
        for (var i = 0; i < names.Count; i++)
        {
            var name = TokenText.Short(names[i], 48);
            var length = 24 + TextSize.Width(name, FontSize) + 18;
            if (x > left && x + length > left + width) (x, y) = (left, y + 20);
            LegendMark(svg, i, x, y, isLine(i));
            Label(svg, x + 24, y, name, "start");
            x += length;
        }
        return y + 18;
    }

    private static void LegendMark(MarkupWriter svg, int series, double x, double y, bool line)
    {
        var (light, dark) = Palette.At(series);
        if (line)
            svg.Empty("path", ("class", "s"), ("d", $"M{Pixel(x)} {Pixel(y)}h18"), ("stroke", light.Hex),
                ("fill", "none"), ("stroke-width", "2.5"), ("stroke-dasharray", Palette.Dash(series)),
                ("style", Dark(dark)));
        else
            svg.Empty("rect", ("class", "c"), ("x", Pixel(x + 2)), ("y", Pixel(y - 6)), ("width", "12"),
                ("height", "12"), ("rx", "2"), ("fill", light.Hex), ("style", Dark(dark)));
    }
}
