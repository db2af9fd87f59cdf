namespace Interp.Sae.Dashboards;

/// <summary>What a feature's direction does to the logits.</summary>
/// <param name="Promoted">The tokens that it raises most, the most first.</param>
/// <param name="Suppressed">The tokens that it lowers most, the most first.</param>
/// <param name="Low">The least of all tokens' logits.</param>
/// <param name="High">The greatest.</param>
/// <param name="Histogram">Tokens in bins of equal width from low to high.</param>
public sealed record LogitEffect(IReadOnlyList<TokenLogit> Promoted, IReadOnlyList<TokenLogit> Suppressed, double Low,
    double High,
    IReadOnlyList<int> Histogram);
