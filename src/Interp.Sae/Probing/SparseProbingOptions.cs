namespace Interp.Sae.Probing;

/// <summary>How <see cref="SparseProbing"/> measures.</summary>
public sealed record SparseProbingOptions
{
    /// <summary>How many features a probe may use; <value>1, 2, 5</value> (SAEBench).</summary>
    public IReadOnlyList<int> Ks { get; init; } = [1, 2, 5];

    /// <summary>C of every probe; <value>1</value> (scikit-learn).</summary>
    public double C { get; init; } = 1;
}
