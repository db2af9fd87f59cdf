namespace Interp.Studies.ModularAddition;

/// <summary>A direction of the neurons: what the logits' cos w_k c or sin w_k c is read from.</summary>
/// <param name="Frequency">k</param>
/// <param name="IsCosine">cos, or sin.</param>
/// <param name="ExplainedVariance">
/// The part of the variance of the neurons along the direction, over all pairs, that cos w_k(a + b), or sin, explains.
/// </param>
public sealed record NeuronDirection(int Frequency, bool IsCosine, double ExplainedVariance)
{
    /// <summary>"cos 14" or "sin 14".</summary>
    public string Label => $"{(IsCosine ? "cos" : "sin")} {Frequency}";
}
