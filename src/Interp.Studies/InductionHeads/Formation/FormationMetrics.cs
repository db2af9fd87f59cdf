namespace Interp.Studies.InductionHeads.Formation;

/// <summary>One checkpoint of a training; a line of <c>metrics.jsonl</c>. Losses are means in nats, on sequences never trained on.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="TextLoss">On text of the language.</param>
/// <param name="FirstLoss">On the first copy of random tokens.</param>
/// <param name="RepeatedLoss">On its later copies.</param>
/// <param name="InContext">Loss of repeated tokens less that of new ones: late loss less early loss, as in Olsson et al. 2022.</param>
/// <param name="PreviousToken">The best previous-token score of a head of the first layer.</param>
/// <param name="PrefixMatching">The best prefix-matching score of a head.</param>
/// <param name="AttentionWeights">‖W_Q‖² + ‖W_K‖² of each layer.</param>
/// <param name="OutputWeights">‖W_V‖² + ‖W_O‖² of each layer.</param>
/// <param name="EmbeddingWeights">‖W_E‖² + ‖W_pos‖² + ‖W_U‖².</param>
/// <param name="LossByPosition">The loss of predicting token 1, 2, … of repeated random sequences.</param>
public sealed record FormationMetrics(long Step, double TextLoss, double FirstLoss, double RepeatedLoss, double InContext,
    double PreviousToken, double PrefixMatching, double[] AttentionWeights, double[] OutputWeights, double EmbeddingWeights,
    double[] LossByPosition);
