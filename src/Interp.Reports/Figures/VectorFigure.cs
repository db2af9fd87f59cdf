using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>
/// Vectors in a plane, drawn from its origin, a panel for each model: how features share two dimensions. All panels
/// have one scale, the same in both directions, and a circle of radius 1.
/// </summary>
/// <example><code>
/// var figure = new VectorFigure("Two features", new VectorPanel("dense", new Grid(new float[] { 1, 0, 0, 0 }, 2, 2)),
///     new VectorPanel("sparse", new Grid(new float[] { 1, 0, -1, 0 }, 2, 2)));
/// </code></example>
public sealed class VectorFigure : Figure
{
    /// <summary>The most panels beside each other.</summary>
    public const int MostColumns = 5;

    /// <param name="title">One line that says what is shown.</param>
    /// <param name="panels">One or more, each with as many vectors of two finite numbers.</param>
    /// <exception cref="ArgumentException">There are no panels, or their vectors are not as they should be.</exception>
    public VectorFigure(string title, params IReadOnlyList<VectorPanel> panels)
        : base(title)
    {
        if (panels.Count == 0) throw new ArgumentException($"the figure '{title}' has no panels; give at least one");
        foreach (var (name, vectors) in panels)
        {
            if (vectors.Columns != 2 || vectors.Rows != panels[0].Vectors.Rows)
                throw new ArgumentException($"the panel '{name}' of '{title}' has {vectors.Rows} vectors of "
                    + $"{vectors.Columns} numbers; every panel has {panels[0].Vectors.Rows} of 2, as the first one");
            if (Numbers.CountNotFinite(vectors.Values.Span) is > 0 and var count)
                throw new ArgumentException($"{count} numbers of the panel '{name}' of '{title}' are not finite");
        }
        Panels = panels;
        Columns = Math.Min(MostColumns, panels.Count);
        Reach = Math.Max(1, panels.Max(panel => Enumerable.Range(0, Vectors).Max(i => Length(panel.Vectors, i)))) * 1.08;
    }

    /// <summary>The panels, from the left, rows of <see cref="MostColumns"/>.</summary>
    public IReadOnlyList<VectorPanel> Panels { get; }

    /// <summary>Names of the vectors.</summary>
    /// <value>Default: 0, 1, 2, …</value>
    public IReadOnlyList<string>? VectorLabels { get; init; }

    /// <summary>Neighbouring vectors of one colour, for features that belong together.</summary>
    /// <value>Default: 1, each its own.</value>
    public int GroupSize { get; init; } = 1;

    /// <inheritdoc/>
    public override string Note => "";

    /// <summary>How many vectors each panel has.</summary>
    internal int Vectors => Panels[0].Vectors.Rows;

    internal int Columns { get; }

    internal int Rows => (Panels.Count + Columns - 1) / Columns;

    /// <summary>Half of a panel's side, in the vectors' own unit.</summary>
    internal double Reach { get; }

    /// <summary>From one row of panels to the next; the names stand between them.</summary>
    internal double RowStep => 2 * Reach + 0.42 * Reach;

    /// <inheritdoc/>
    public override JsonObject ToPlotly() => VectorPlotly.Build(this);

    internal override string Draw(SvgCanvas canvas) => VectorSvg.Draw(this, canvas);

    /// <summary>Where the origin of a panel is, in the vectors' unit, to the right and down.</summary>
    internal (double X, double Y) Origin(int panel) =>
        ((panel % Columns * 2 + 1) * Reach, Reach + panel / Columns * RowStep);

    internal (Rgb Light, Rgb Dark) Color(int vector) => Palette.At(vector / Math.Max(1, GroupSize));

    internal string VectorText(int panel, int vector)
    {
        if (VectorLabels is not null && VectorLabels.Count != Vectors)
            throw new ArgumentException(
                $"'{Title}' has {Vectors} vectors and {VectorLabels.Count} labels; give one for each");
        var row = Panels[panel].Vectors.Row(vector);
        return $"{Panels[panel].Name}, {VectorLabels?[vector] ?? $"{vector}"}: {Numbers.Exact(row[0])}, {Numbers.Exact(row[1])}";
    }

    private protected override string Describe() =>
        $"Vectors in a plane, {Title}: {Panels.Count} panels of {Vectors}: "
        + string.Join(", ", Panels.Select(panel => panel.Name)) + ".";

    private static double Length(Grid vectors, int row) =>
        Math.Sqrt(vectors[row, 0] * vectors[row, 0] + vectors[row, 1] * vectors[row, 1]);
}
