namespace Interp.Sae.Probing;

/// <summary>How much of a label other features took over.</summary>
/// <param name="MainFeatures">The features of the label.</param>
/// <param name="F1">Of a probe on them, on the test rows.</param>
/// <param name="Rows">The true rows that the probe on activations recognizes.</param>
public sealed record AbsorptionReport(IReadOnlyList<int> MainFeatures, double F1, IReadOnlyList<AbsorbedRow> Rows)
{
    /// <summary>The share of rows with full absorption; NaN without rows.</summary>
    public double FullRate => Rows.Count == 0 ? double.NaN : (double)Rows.Count(row => row.IsFull) / Rows.Count;

    /// <summary>The mean fraction; NaN without rows.</summary>
    public double MeanFraction => Rows.Count == 0 ? double.NaN : Rows.Average(row => row.Fraction);

    /// <summary>Main features beyond the first: into how many the label was split.</summary>
    public int Splits => MainFeatures.Count - 1;
}
