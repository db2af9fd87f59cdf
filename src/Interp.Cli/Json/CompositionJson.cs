namespace Interp.Cli.Json;

/// <summary>A pair of heads in <see cref="InductionJson"/>.</summary>
/// <param name="Earlier">The earlier head.</param>
/// <param name="Later">The later head.</param>
/// <param name="Q">Q-composition.</param>
/// <param name="K">K-composition.</param>
/// <param name="V">V-composition.</param>
/// <param name="SelfMatch">The share of tokens that match themselves through the pair.</param>
/// <param name="Eigenvalues">Σλ/Σ|λ| of that match.</param>
/// <param name="Contrast">What the path adds to attention scores at the right places; null where it was not followed.</param>
internal sealed record CompositionJson(string Earlier, string Later, double Q, double K, double V, double SelfMatch, double Eigenvalues, double? Contrast);
