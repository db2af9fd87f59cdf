namespace Interp.Sae.Dashboards;

/// <summary>What a text says about one feature.</summary>
/// <param name="Density">The share of tokens on which it is above zero.</param>
/// <param name="Maximum">Its largest activation; 0 where it never fires and a neuron that is always below.</param>
/// <param name="Minimum">Its smallest activation; below 0 only for neurons.</param>
/// <param name="Mean">Its mean where it is above zero.</param>
/// <param name="Histogram">Its activations other than zero.</param>
/// <param name="Top">The strongest examples, one a sequence, the strongest first.</param>
/// <param name="Intervals">Examples from all over its range, the strongest interval first; those without tokens are
/// left out.</param>
public sealed record FeatureStatistics(double Density, float Maximum, float Minimum, double Mean,
    ActivationHistogram Histogram,
    IReadOnlyList<FeatureExample> Top, IReadOnlyList<ActivationInterval> Intervals);
