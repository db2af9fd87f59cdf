namespace Interp.Studies.KnownAlgorithms;

/// <summary>How a model, or what is left of it, does a task.</summary>
/// <param name="Accuracy">The share of answers that are right.</param>
/// <param name="Loss">Mean cross-entropy of the right answers, in nats.</param>
public readonly record struct Outcome(double Accuracy, double Loss);
