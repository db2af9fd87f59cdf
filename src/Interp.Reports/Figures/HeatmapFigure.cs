using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>A matrix as colours: scores by layer and head, patching effects by layer and position, a pattern.</summary>
/// <example><code>
/// var figure = new HeatmapFigure("Induction score", new Grid(scores, layers, heads))
/// {
///     RowAxis = new Axis("layer"), ColumnAxis = new Axis("head"), ValueName = "score", Maximum = 1,
/// };
/// File.WriteAllText("induction.svg", figure.ToSvg());
/// </code></example>
public sealed class HeatmapFigure : Figure
{
    private readonly double _low;
    private readonly double _high;

    /// <param name="title">One line that says what is shown.</param>
    /// <param name="values">The matrix; row 0 is drawn at the top.</param>
    public HeatmapFigure(string title, Grid values)
        : base(title)
    {
        if (values.Rows == 0)
            throw new ArgumentException($"the heatmap '{title}' has no values; a grid has at least one");
        Values = values;
        (_low, _high) = Numbers.Range(values.Values.Span);
    }

    /// <summary>The matrix, <c>[rows, columns]</c>.</summary>
    public Grid Values { get; }

    /// <summary>Names of the rows, from the top.</summary>
    /// <value>Default: 0, 1, 2, …</value>
    public IReadOnlyList<string>? RowLabels { get; init; }

    /// <summary>Names of the columns, from the left.</summary>
    /// <value>Default: 0, 1, 2, …</value>
    public IReadOnlyList<string>? ColumnLabels { get; init; }

    /// <summary>What a row is.</summary>
    public Axis RowAxis { get; init; } = new();

    /// <summary>What a column is.</summary>
    public Axis ColumnAxis { get; init; } = new();

    /// <summary>What a number is, beside the colour bar.</summary>
    /// <value>Default: "value".</value>
    public string ValueName { get; init; } = "value";

    /// <summary>The colours.</summary>
    /// <value>Default: null, diverging where a number is below zero, else sequential.</value>
    public ColorScale? Colors { get; init; }

    /// <summary>The number at the lower end of the colours; smaller ones take its colour.</summary>
    /// <value>Default: null, 0 or less for sequential colours, minus the largest magnitude for diverging ones.</value>
    public double? Minimum { get; init; }

    /// <summary>The number at the upper end of the colours; larger ones take its colour.</summary>
    /// <value>Default: null, the largest number or, for diverging colours, the largest magnitude.</value>
    public double? Maximum { get; init; }

    /// <summary>Writes each number into its cell in this .NET format (<c>"0.00"</c>) where cells have room.</summary>
    /// <value>Default: null, no numbers.</value>
    public string? CellFormat { get; init; }

    /// <inheritdoc/>
    public override string Note => Numbers.CountNotFinite(Values.Values.Span) switch
    {
        0 => "",
        1 => "1 value is not a finite number; its cell is left empty.",
        var count => $"{count} values are not finite numbers; their cells are left empty.",
    };

    internal ColorScale Scale => Colors ?? ColorScale.For(_low);

    internal (double Low, double High) Span
    {
        get
        {
            var (low, high) = Scale.Span(_low, _high);
            (low, high) = (Minimum ?? low, Maximum ?? high);
            return high > low ? (low, high) : throw new ArgumentException(
                $"the colours of '{Title}' run from {low} to {high}; the upper end must be above the lower");
        }
    }

    /// <inheritdoc/>
    public override JsonObject ToPlotly() => HeatmapPlotly.Build(this);

    internal string RowName(int row) => Name(RowLabels, row, Values.Rows, "row");

    internal string ColumnName(int column) => Name(ColumnLabels, column, Values.Columns, "column");

    /// <summary>Where a cell is and its exact number, as a pointer resting on it reads.</summary>
    internal string CellText(int row, int column) =>
        $"{Place(RowAxis, RowName(row))}, {Place(ColumnAxis, ColumnName(column))}: "
        + Numbers.Exact(Values[row, column]);

    internal override string Draw(SvgCanvas canvas) => HeatmapSvg.Draw(this, canvas);

    private protected override string Describe() =>
        $"Heatmap, {Title}: {Values.Rows} rows{Of(RowAxis)} by {Values.Columns} columns{Of(ColumnAxis)}, "
        + $"{ValueName} from {Numbers.Exact((float)_low)} to {Numbers.Exact((float)_high)}.";

    private static string Of(Axis axis) => axis.Title.Length > 0 ? $" ({axis.Title})" : "";

    private static string Place(Axis axis, string name) => axis.Title.Length > 0 ? $"{axis.Title} {name}" : name;

    private string Name(IReadOnlyList<string>? labels, int index, int count, string kind)
    {
        if (labels is null) return index.ToString();
        if (labels.Count != count)
            throw new ArgumentException(
                $"'{Title}' has {count} {kind}s and {labels.Count} {kind} labels; give one for each");
        return labels[index];
    }
}
