namespace Interp.Studies.ModularAddition;

/// <summary>A measurement during training; a line of <c>metrics.jsonl</c>.</summary>
/// <param name="Step">Epochs done.</param>
/// <param name="TrainLoss">Loss on the pairs that are trained on, in nats, with the weights after these epochs.</param>
/// <param name="TestLoss">Loss on all other pairs.</param>
/// <param name="TrainAccuracy">The part of the training pairs whose answer has the highest logit.</param>
/// <param name="TestAccuracy">The same of the other pairs.</param>
/// <param name="SquaredWeights">The sum of the squares of all weights.</param>
public sealed record ModularAdditionMetrics(long Step, double TrainLoss, double TestLoss, double TrainAccuracy, double TestAccuracy,
    double SquaredWeights);
