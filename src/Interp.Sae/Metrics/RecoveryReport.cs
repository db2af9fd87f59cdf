namespace Interp.Sae.Metrics;

/// <summary>What a dictionary does to a model that runs on its reconstruction; losses are in nats a token.</summary>
/// <param name="Predictions">Next-token predictions that were measured.</param>
/// <param name="Clean">The model's own loss.</param>
/// <param name="Spliced">Its loss with the hook's value replaced by the reconstruction.</param>
/// <param name="Zero">Its loss with the value replaced by 0.</param>
/// <param name="Mean">Its loss with the value replaced by its mean over all positions.</param>
/// <param name="KlSpliced">KL(clean ‖ spliced).</param>
/// <param name="KlZero">KL(clean ‖ zero).</param>
/// <param name="KlMean">KL(clean ‖ mean).</param>
public sealed record RecoveryReport(long Predictions, double Clean, double Spliced, double Zero, double Mean,
    double KlSpliced, double KlZero, double KlMean)
{
    /// <summary>(zero − spliced) / (zero − clean): 1 keeps the model as it is, 0 is as bad as no value at
    /// all.</summary>
    public double LossRecovered => (Zero - Spliced) / (Zero - Clean);

    /// <summary>(mean − spliced) / (mean − clean), against the harder baseline.</summary>
    public double LossRecoveredFromMean => (Mean - Spliced) / (Mean - Clean);

    /// <summary>1 − KL(clean ‖ spliced) / KL(clean ‖ zero).</summary>
    public double KlRecovered => 1 - KlSpliced / KlZero;

    /// <summary>1 − KL(clean ‖ spliced) / KL(clean ‖ mean), against the harder baseline.</summary>
    public double KlRecoveredFromMean => 1 - KlSpliced / KlMean;
}
