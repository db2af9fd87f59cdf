namespace Interp.Cli.Json;

/// <summary>What <c>grok report --json</c> prints. Losses are means in nats.</summary>
/// <param name="CircuitFound">Whether all core claims hold.</param>
/// <param name="Modulus">p</param>
/// <param name="Operation">add, subtract or multiply.</param>
/// <param name="Accuracy">The part of all pairs that is answered right.</param>
/// <param name="Loss">Over all pairs.</param>
/// <param name="TrainLoss">Over the pairs trained on, where these are known.</param>
/// <param name="TestLoss">Over the others.</param>
/// <param name="KeyFrequencies">By each of three rules.</param>
/// <param name="ExplainedVariance">Of the logits by waves of a + b − c.</param>
/// <param name="RestrictedLoss">With the key frequencies alone.</param>
/// <param name="ExcludedLoss">Without them.</param>
/// <param name="ClusteredNeurons">The part of the neurons that belong to one frequency.</param>
/// <param name="GradientSymmetricity">Near 1 for a pizza.</param>
/// <param name="DistanceIrrelevance">Near 1 for a clock.</param>
/// <param name="Phases">Of the training, where it is known and grokked.</param>
/// <param name="Ablations">Losses with parts replaced.</param>
/// <param name="Verdicts">The published claims.</param>
internal sealed record GrokJson(bool CircuitFound, int Modulus, string Operation, double Accuracy, double Loss, double? TrainLoss, double? TestLoss,
    KeyFrequenciesJson[] KeyFrequencies, double ExplainedVariance, double RestrictedLoss, double ExcludedLoss, double ClusteredNeurons,
    double GradientSymmetricity, double DistanceIrrelevance, GrokPhasesJson? Phases, AblationJson[] Ablations, VerdictJson[] Verdicts);
