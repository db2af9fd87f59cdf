namespace Interp.Studies.InductionHeads.Training;

/// <summary>A measurement during training; a line of <c>metrics.jsonl</c>.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">Loss of the step over all positions, in nats.</param>
/// <param name="RepeatedLoss">Loss where the next token can be known from the text, in nats.</param>
/// <param name="PreviousToken">The best previous-token score of a head in the first layer.</param>
/// <param name="Induction">The best induction score of a head in a later layer; 0 in a one-layer model.</param>
public sealed record InductionMetrics(long Step, double Loss, double RepeatedLoss, double PreviousToken, double Induction);
