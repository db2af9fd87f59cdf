using Interp.Circuits.Heads;
using Interp.Circuits.Statistics;

namespace Interp.Studies.InductionHeads;

/// <summary>What one head does on repeated random sequences, over seeds.</summary>
/// <param name="Name">The head.</param>
/// <param name="PreviousToken">Mean attention to the token before.</param>
/// <param name="DuplicateToken">Mean attention to earlier copies of the token.</param>
/// <param name="Induction">Mean attention to what followed earlier copies of the token (prefix matching).</param>
/// <param name="Copying">How much the head raises the token that it reads, of all tokens of the sequence that it raises.</param>
public sealed record HeadEstimate(
    HeadName Name, Estimate PreviousToken, Estimate DuplicateToken, Estimate Induction, Estimate Copying);
