namespace Interp.Studies.ModularAddition;

/// <summary>How far the circuit is at an epoch, seen with the final model's frequencies; a line of <c>progress.jsonl</c>.</summary>
/// <remarks>Nanda et al. 2023, section 5.1; the losses are means in nats.</remarks>
/// <param name="Step">Epochs done.</param>
/// <param name="TrainLoss">The loss on the pairs that are trained on.</param>
/// <param name="TestLoss">The loss on all others.</param>
/// <param name="RestrictedLoss">The loss over all pairs with the key frequencies alone: falls as the circuit forms.</param>
/// <param name="ExcludedLoss">The training loss without the key frequencies: rises as the circuit takes over.</param>
/// <param name="ExcludedByFrequency">The training loss without one key frequency, for each.</param>
/// <param name="EmbeddingGini">The Gini coefficient of the Fourier components of W_E.</param>
/// <param name="LogitMapGini">That of W_out W_U.</param>
/// <param name="SquaredWeights">The sum of the squares of all weights.</param>
public sealed record ProgressMeasures(long Step, double TrainLoss, double TestLoss, double RestrictedLoss, double ExcludedLoss,
    IReadOnlyDictionary<int, double> ExcludedByFrequency, double EmbeddingGini, double LogitMapGini, double SquaredWeights);
