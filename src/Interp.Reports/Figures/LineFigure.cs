using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>
/// Curves or points over two axes, linear or logarithmic: loss over steps, one number per layer, a scatter.
/// </summary>
public sealed class LineFigure : Figure
{
    /// <param name="title">One line that says what is shown.</param>
    /// <param name="series">One or more series; six have colours of their own, more repeat them dashed.</param>
    public LineFigure(string title, params IReadOnlyList<Series> series)
        : base(title)
    {
        if (series.Count == 0) throw new ArgumentException($"the figure '{title}' has no series; give at least one");
        Series = series;
    }

    /// <summary>The series, in the order of the legend.</summary>
    public IReadOnlyList<Series> Series { get; }

    /// <summary>The horizontal axis.</summary>
    public Axis X { get; init; } = new();

    /// <summary>The vertical axis.</summary>
    public Axis Y { get; init; } = new();

    /// <inheritdoc/>
    public override string Note => Series.Sum(CountHidden) switch
    {
        0 => "",
        1 => $"1 point is left out: {Reason}.",
        var count => $"{count} points are left out: {Reason}.",
    };

    private string Reason => X.Logarithmic || Y.Logarithmic
        ? "a number that is not finite, or not above zero on a logarithmic axis"
        : "a number that is not finite";

    /// <inheritdoc/>
    public override JsonObject ToPlotly() => LinePlotly.Build(this);

    internal bool CanDraw(float x, float y) =>
        float.IsFinite(x) && float.IsFinite(y) && !(X.Logarithmic && x <= 0) && !(Y.Logarithmic && y <= 0);

    internal override string Draw(SvgCanvas canvas) => LineSvg.Draw(this, canvas);

    private protected override string Describe()
    {
        var names = string.Join(", ", Series.Select(series => series.Name).Where(name => name.Length > 0));
        var axes = X.Title.Length > 0 && Y.Title.Length > 0 ? $" {Y.Title} against {X.Title}." : "";
        return $"Chart, {Title}.{axes} {Series.Count} series{(names.Length > 0 ? $": {names}" : "")}.";
    }

    private int CountHidden(Series series)
    {
        var hidden = 0;
        for (var i = 0; i < series.X.Length; i++)
            if (!CanDraw(series.X.Span[i], series.Y.Span[i])) hidden++;
        return hidden;
    }
}
