namespace Interp.Sae.Metrics;

/// <summary>How well and how sparsely a dictionary rebuilds activations.</summary>
/// <param name="Rows">Activations that were measured.</param>
/// <param name="L0">Features that are on, on average.</param>
/// <param name="L1">The sum of the activations of features, on average.</param>
/// <param name="Mse">E‖x − x̂‖² / width.</param>
/// <param name="ExplainedVariance">1 − E‖x − x̂‖² / E‖x − E x‖²; 1 is perfect, 0 is as good as the mean.</param>
/// <param name="CosineSimilarity">Of x and x̂, on average.</param>
/// <param name="L2Ratio">‖x̂‖ / ‖x‖, on average; below 1 is shrinkage.</param>
/// <param name="RelativeReconstructionBias">E‖x̂‖² / E[x·x̂]; 1 is none.</param>
/// <param name="Dead">Features that never fired.</param>
/// <param name="Dense">Features that fired on more than a tenth of the rows.</param>
/// <param name="Densities">For every feature the share of rows on which it fired.</param>
public sealed record DictionaryReport(long Rows, double L0, double L1, double Mse, double ExplainedVariance,
    double CosineSimilarity,
    double L2Ratio, double RelativeReconstructionBias, long Dead, long Dense, IReadOnlyList<double> Densities)
{
    /// <summary>How many features fire how often.</summary>
    /// <param name="binsPerDecade">Bins for each power of ten.</param>
    public DensityHistogram Histogram(int binsPerDecade = 2) => DensityHistogram.Of(Densities, binsPerDecade);
}
