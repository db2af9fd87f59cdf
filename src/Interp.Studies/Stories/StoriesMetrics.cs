namespace Interp.Studies.Stories;

/// <summary>A measurement during training; a line of <c>metrics.jsonl</c>.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="TrainingLoss">Loss of the step, in nats a token.</param>
/// <param name="Loss">Loss on stories that are not trained on, in nats a token.</param>
/// <param name="Entropy">The grammar's entropy on those stories, the least possible loss.</param>
/// <param name="Accuracy">By behaviour, the part of the places where the most probable token is right.</param>
public sealed record StoriesMetrics(long Step, double TrainingLoss, double Loss, double Entropy, IReadOnlyDictionary<string, double> Accuracy);
