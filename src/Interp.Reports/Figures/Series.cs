namespace Interp.Reports;

/// <summary>Points of a <see cref="LineFigure"/> that belong together.</summary>
public sealed class Series
{
    /// <param name="name">Its name in the legend.</param>
    /// <param name="x">Horizontal places.</param>
    /// <param name="y">Vertical places, as many.</param>
    /// <exception cref="ArgumentException">The two have different lengths.</exception>
    public Series(string name, ReadOnlyMemory<float> x, ReadOnlyMemory<float> y)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (x.Length != y.Length)
            throw new ArgumentException($"the series '{name}' has {x.Length} x and {y.Length} y; they go in pairs");
        Name = name;
        X = x;
        Y = y;
    }

    /// <summary>A series over 0, 1, 2, …: one number per layer, position or step.</summary>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="y">Vertical places.</param>
    public Series(string name, ReadOnlyMemory<float> y)
        : this(name, Enumerable.Range(0, y.Length).Select(i => (float)i).ToArray(), y)
    {
    }

    /// <inheritdoc cref="Series(string, ReadOnlyMemory{float}, ReadOnlyMemory{float})"/>
    public Series(string name, float[] x, float[] y)
        : this(name, (ReadOnlyMemory<float>)x, (ReadOnlyMemory<float>)y)
    {
    }

    /// <inheritdoc cref="Series(string, ReadOnlyMemory{float})"/>
    public Series(string name, float[] y)
        : this(name, (ReadOnlyMemory<float>)y)
    {
    }

    /// <summary>Its name in the legend.</summary>
    public string Name { get; }

    /// <summary>Horizontal places.</summary>
    public ReadOnlyMemory<float> X { get; }

    /// <summary>Vertical places.</summary>
    public ReadOnlyMemory<float> Y { get; }

    /// <summary>Line, points or both.</summary>
    /// <value>Default: a line.</value>
    public SeriesStyle Style { get; init; }

    /// <summary>A name per point, shown where the pointer rests.</summary>
    /// <value>Default: null.</value>
    public IReadOnlyList<string>? PointLabels { get; init; }

    internal string PointText(int index)
    {
        var place = $"{Numbers.Exact(X.Span[index])}, {Numbers.Exact(Y.Span[index])}";
        if (PointLabels is null) return Name.Length > 0 ? $"{Name}: {place}" : place;
        if (PointLabels.Count != X.Length)
            throw new ArgumentException(
                $"the series '{Name}' has {X.Length} points and {PointLabels.Count} labels; give one for each");
        return $"{PointLabels[index]}: {place}";
    }
}
