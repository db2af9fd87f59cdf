namespace Interp.Reports;

/// <summary>
/// Names along the bottom of a chart, laid out so that they never run into each other: level where they fit, turned
/// where they do not, and every second, third, … one where even turned ones are too many.
/// </summary>
internal sealed class CategoryLabels
{
    private const int Longest = 24;
    private const double LineHeight = 15;
    private readonly string[] _names;
    private readonly double _step;
    private readonly int _every;
    private readonly double _turn;

    /// <param name="names">One name per category.</param>
    /// <param name="step">Distance between two categories in pixels.</param>
    public CategoryLabels(IEnumerable<string> names, double step)
    {
        _names = [.. names.Select(name => TokenText.Label(name, Longest))];
        _step = step;
        var widest = _names.Max(name => TextSize.Width(name, SvgCanvas.FontSize));
        // Numbers in a row (0, 1, 2, …) stay level and are thinned; words are turned first.
        var level = widest + 6 <= step || _names.All(name => name.Length <= 3 && int.TryParse(name, out _));
        _turn = level ? 0 : step >= LineHeight * 1.5 ? -40 : -90;
        var needed = level ? widest + 6 : LineHeight;
        _every = Math.Max(1, (int)Math.Ceiling(needed / step));
        var angle = _turn * Math.PI / 180;
        Height = level ? LineHeight + 4 : Math.Abs(Math.Sin(angle)) * widest + LineHeight * Math.Cos(angle) + 8;
        Overhang = level ? widest / 2 : Math.Cos(angle) * widest;
    }

    /// <summary>Pixels that the names take below the axis.</summary>
    public double Height { get; }

    /// <summary>Pixels that the first name may reach to the left of its category.</summary>
    public double Overhang { get; }

    /// <summary>Writes the names; <paramref name="left"/> is the middle of the first category.</summary>
    public void Draw(MarkupWriter svg, double left, double top)
    {
        for (var i = 0; i < _names.Length; i += _every)
        {
            var x = left + i * _step;
            if (_turn == 0) SvgCanvas.Label(svg, x, top + 10, _names[i], "middle");
            else SvgCanvas.Label(svg, x + 1, top + 7, _names[i], "end", turn: _turn);
        }
    }
}
