namespace Interp.Cli.Json;

/// <summary>What <c>induction report --json</c> prints. Losses and contrasts are in nats; intervals are 95% over seeds.</summary>
/// <param name="CircuitFound">Whether all core claims hold.</param>
/// <param name="Previous">The heads taken for previous-token heads.</param>
/// <param name="Induction">The heads taken for induction heads.</param>
/// <param name="InContext">Loss of repeated tokens less that of new ones.</param>
/// <param name="FirstLoss">On the first copy.</param>
/// <param name="RepeatedLoss">On later copies.</param>
/// <param name="LossByPosition">Of predicting token 1, 2, …</param>
/// <param name="Heads">Every head.</param>
/// <param name="Methods">The heads as scores, composition and ablation name them.</param>
/// <param name="Composition">Pairs of heads.</param>
/// <param name="Knockouts">What is left without some heads.</param>
/// <param name="Routes">Through which inputs the previous-token head acts; null in one layer.</param>
/// <param name="Verdicts">The claims.</param>
internal sealed record InductionJson(bool CircuitFound, string[] Previous, string[] Induction, EstimateJson InContext, EstimateJson FirstLoss,
    EstimateJson RepeatedLoss, EstimateJson[] LossByPosition, InductionHeadJson[] Heads, HeadsByMethodJson[] Methods, CompositionJson[] Composition,
    KnockoutJson[] Knockouts, RoutesJson? Routes, VerdictJson[] Verdicts);
