using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>
/// Bars from zero, one group per category and one bar in it per series: logit contributions, score counts.
/// </summary>
public sealed class BarFigure : Figure
{
    private readonly List<(string Name, ReadOnlyMemory<float> Values)> _series = [];

    /// <param name="title">One line that says what is shown.</param>
    /// <param name="categories">The names below the groups, from the left.</param>
    public BarFigure(string title, IReadOnlyList<string> categories)
        : base(title)
    {
        ArgumentNullException.ThrowIfNull(categories);
        if (categories.Count == 0)
            throw new ArgumentException($"the figure '{title}' has no categories; give at least one");
        Categories = categories;
    }

    /// <param name="title">One line that says what is shown.</param>
    /// <param name="categories">The names below the bars, from the left.</param>
    /// <param name="values">One number per category.</param>
    public BarFigure(string title, IReadOnlyList<string> categories, ReadOnlyMemory<float> values)
        : this(title, categories) => Add("", values);

    /// <inheritdoc cref="BarFigure(string, IReadOnlyList{string}, ReadOnlyMemory{float})"/>
    public BarFigure(string title, IReadOnlyList<string> categories, float[] values)
        : this(title, categories, (ReadOnlyMemory<float>)values)
    {
    }

    /// <summary>The names below the groups, from the left.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>What a category is.</summary>
    public Axis CategoryAxis { get; init; } = new();

    /// <summary>What the bars measure; always linear, and always with zero on it.</summary>
    public Axis ValueAxis { get; init; } = new();

    /// <summary>Puts the bars of a group on top of each other, negative ones below zero, instead of beside each
    /// other.</summary>
    /// <value>Default: false.</value>
    public bool Stacked { get; init; }

    /// <inheritdoc/>
    public override string Note => _series.Sum(series => Numbers.CountNotFinite(series.Values.Span)) switch
    {
        0 => "",
        1 => "1 bar is left out: its number is not finite.",
        var count => $"{count} bars are left out: their numbers are not finite.",
    };

    internal IReadOnlyList<(string Name, ReadOnlyMemory<float> Values)> Series => _series;

    /// <summary>Adds one bar to every group.</summary>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="values">One number per category.</param>
    /// <returns>This figure.</returns>
    /// <exception cref="ArgumentException">There are not as many numbers as categories.</exception>
    public BarFigure Add(string name, ReadOnlyMemory<float> values)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (values.Length != Categories.Count)
            throw new ArgumentException(
                $"'{Title}' has {Categories.Count} categories and the series '{name}' {values.Length} values; "
                + "give one for each");
        _series.Add((name, values));
        return this;
    }

    /// <inheritdoc cref="Add(string, ReadOnlyMemory{float})"/>
    public BarFigure Add(string name, float[] values) => Add(name, (ReadOnlyMemory<float>)values);

    /// <inheritdoc/>
    public override JsonObject ToPlotly() => BarPlotly.Build(this);

    /// <summary>Where a bar begins and ends: at zero, or on the bars of its sign that are below it.</summary>
    internal (double From, double To) Span(int series, int category)
    {
        var value = _series[series].Values.Span[category];
        var from = 0.0;
        if (Stacked)
            for (var below = 0; below < series; below++)
                if (_series[below].Values.Span[category] is var other && float.IsFinite(other)
                    && float.IsNegative(other) == float.IsNegative(value)) from += other;
        return (from, from + value);
    }

    internal string BarText(int series, int category)
    {
        var (name, values) = _series[series];
        var place = name.Length > 0 ? $"{Categories[category]}, {name}" : Categories[category];
        return $"{place}: {Numbers.Exact(values.Span[category])}";
    }

    internal override string Draw(SvgCanvas canvas) => BarSvg.Draw(this, canvas);

    private protected override string Describe()
    {
        var names = string.Join(", ", _series.Select(series => series.Name).Where(name => name.Length > 0));
        return $"Bar chart, {Title}: {Categories.Count} categories{(names.Length > 0 ? $", series {names}" : "")}.";
    }
}
