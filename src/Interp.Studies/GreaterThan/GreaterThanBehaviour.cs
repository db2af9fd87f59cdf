namespace Interp.Studies.GreaterThan;

/// <summary>How a model ends a span of years; means over prompts.</summary>
/// <param name="ProbabilityDifference">The probability of all later years less that of all others, from −1 to
/// 1.</param>
/// <param name="Sharpness">The probability of the next year less that of the one before.</param>
public readonly record struct GreaterThanBehaviour(double ProbabilityDifference, double Sharpness);
