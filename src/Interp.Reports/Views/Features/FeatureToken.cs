namespace Interp.Reports;

/// <summary>A token with a number.</summary>
/// <param name="Token">Its id, as the view's texts have it.</param>
/// <param name="Value">The number.</param>
public sealed record FeatureToken(int Token, double Value);
