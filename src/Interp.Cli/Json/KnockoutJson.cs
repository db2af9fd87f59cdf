namespace Interp.Cli.Json;

/// <summary>What is left without some heads, in <see cref="InductionJson"/>.</summary>
/// <param name="Without">The heads; none for the whole model.</param>
/// <param name="How">zero, mean or patch.</param>
/// <param name="Induction">The mean prefix-matching score of the induction heads.</param>
/// <param name="FirstLoss">On the first copy.</param>
/// <param name="RepeatedLoss">On later copies.</param>
internal sealed record KnockoutJson(string[] Without, string How, double Induction, double FirstLoss, double RepeatedLoss);
