namespace Interp.Cli.Json;

/// <summary>What <c>sae eval --json</c> prints.</summary>
/// <param name="Format">The format of the dictionary's files.</param>
/// <param name="Kind">The kind of dictionary.</param>
/// <param name="Hook">The hook that is read.</param>
/// <param name="Target">The hook that is rebuilt.</param>
/// <param name="Features">The number of features.</param>
/// <param name="Rows">Activations that were measured.</param>
/// <param name="L0">Features that are on, on average.</param>
/// <param name="L1">Sum of activations, on average.</param>
/// <param name="ExplainedVariance">1 − E‖x − x̂‖² / E‖x − E x‖².</param>
/// <param name="Mse">Mean squared error.</param>
/// <param name="CosineSimilarity">Of values and reconstructions.</param>
/// <param name="L2Ratio">Length of reconstructions to that of values.</param>
/// <param name="RelativeReconstructionBias">E‖x̂‖² / E[x·x̂].</param>
/// <param name="Dead">Features that never fired.</param>
/// <param name="Dense">Features that fired on more than a tenth.</param>
/// <param name="Densities">Features by the logarithm of how often they fire.</param>
/// <param name="EncoderDecoderCosine">Mean cosine of what features read and write; null where widths differ.</param>
/// <param name="NearestDecoderCosine">Mean largest cosine of a decoder direction with another.</param>
/// <param name="NearestEncoderCosine">Mean largest cosine of an encoder direction with another.</param>
/// <param name="LossClean">The model's loss.</param>
/// <param name="LossSpliced">Its loss on the reconstruction.</param>
/// <param name="LossZero">Its loss without the value.</param>
/// <param name="LossMean">Its loss with the mean value.</param>
/// <param name="LossRecovered">Against zero.</param>
/// <param name="LossRecoveredFromMean">Against the mean.</param>
/// <param name="KlSpliced">KL divergence from the model on the reconstruction.</param>
/// <param name="KlZero">KL divergence without the value.</param>
/// <param name="KlMean">KL divergence with the mean value.</param>
/// <param name="KlRecovered">Against zero.</param>
/// <param name="KlRecoveredFromMean">Against the mean.</param>
/// <param name="Probes">What single features tell of tokens; null without <c>--probe</c>.</param>
internal sealed record SaeEvalJson(string Format, string Kind, string Hook, string Target, int Features, long Rows,
    double L0, double L1, double ExplainedVariance, double Mse, double CosineSimilarity, double L2Ratio,
    double RelativeReconstructionBias, long Dead, long Dense, SaeDensitiesJson Densities,
    double? EncoderDecoderCosine, double NearestDecoderCosine, double NearestEncoderCosine, double LossClean,
    double LossSpliced, double LossZero, double LossMean, double LossRecovered, double LossRecoveredFromMean,
    double KlSpliced, double KlZero, double KlMean, double KlRecovered, double KlRecoveredFromMean,
    SaeProbeJson[]? Probes);
