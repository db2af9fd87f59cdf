namespace Interp.Studies.Ioi;

/// <summary>How a model answers indirect object prompts; means over prompts.</summary>
/// <param name="Difference">logit(IO) − logit(S).</param>
/// <param name="Preferred">The share of prompts on which it is above zero.</param>
/// <param name="Probability">The probability of IO.</param>
public readonly record struct IoiBehaviour(double Difference, double Preferred, double Probability);
