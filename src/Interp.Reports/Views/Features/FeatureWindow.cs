namespace Interp.Reports;

/// <summary>A piece of text around a token at which a feature fires.</summary>
/// <param name="Tokens">The ids, as the view's texts have them.</param>
/// <param name="Values">The feature's activation at each.</param>
/// <param name="Peak">The place of the token that the piece is about.</param>
public sealed record FeatureWindow(IReadOnlyList<int> Tokens, IReadOnlyList<float> Values, int Peak);
