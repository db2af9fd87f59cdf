namespace Interp.Circuits.Evaluation;

/// <summary>Which circuits of a graph are evaluated.</summary>
public sealed record CurveOptions
{
    /// <summary>The defaults.</summary>
    public static CurveOptions Default { get; } = new();

    /// <summary>The sizes, as shares of all edges in ascending order; <value>the standard ones</value>.</summary>
    public IReadOnlyList<double> Sizes { get; init; } = FaithfulnessCurve.StandardSizes;

    /// <summary>How edges are chosen; <value>TopEdges</value>.</summary>
    public CircuitSelection Selection { get; init; } = CircuitSelection.TopEdges;

    /// <summary>
    /// Whether scores count by their size, whatever their sign; <value>true</value>. A circuit that is to do as well as
    /// possible (CPR) takes signed scores that are high for helpful edges, one that is to do the same (CMD) sizes.
    /// </summary>
    public bool Absolute { get; init; } = true;

    /// <summary>Whether to run the complements too; <value>true</value>.</summary>
    public bool Completeness { get; init; } = true;

    internal CurveOptions Validate()
    {
        if (Sizes.Count < 2 || !Sizes.All(size => size is > 0 and <= 1) ||
            !Sizes.Zip(Sizes.Skip(1)).All(pair => pair.First < pair.Second))
            throw new ArgumentException(
                $"the sizes {string.Join(", ", Sizes)} must be shares above 0 up to 1 that grow, at least two");
        return this;
    }
}
