using Interp.Circuits.Heads;

namespace Interp.Studies.InductionHeads;

/// <summary>What is left of induction without some heads.</summary>
/// <param name="Without">The heads; none for the whole model.</param>
/// <param name="How">What was put in their place.</param>
/// <param name="Induction">The mean prefix-matching score of the induction heads.</param>
/// <param name="FirstLoss">The loss on the first copy, in nats.</param>
/// <param name="RepeatedLoss">The loss on the later copies, in nats.</param>
public sealed record Knockout(
    IReadOnlyList<HeadName> Without, HeadRemoval How, double Induction, double FirstLoss, double RepeatedLoss)
{
    /// <summary>By how much repeated tokens are easier than new ones, in nats.</summary>
    public double Advantage => FirstLoss - RepeatedLoss;
}
