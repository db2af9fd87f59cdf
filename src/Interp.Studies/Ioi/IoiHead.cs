using Interp.Circuits.Heads;

namespace Interp.Studies.Ioi;

/// <summary>What a head does on indirect object prompts.</summary>
/// <param name="Name">The head.</param>
public sealed record IoiHead(HeadName Name)
{
    /// <summary>What it writes to logit(IO) − logit(S) at END, in nats (direct logit attribution).</summary>
    public double Direct { get; init; }

    /// <summary>
    /// By what share the logit difference rises when its direct path to the logits carries what it says of other names
    /// (path patching); name movers are below zero.
    /// </summary>
    public double PathToLogits { get; init; }

    /// <summary>The same on the path to the queries of the name movers; 0 where there are none.</summary>
    public double PathToQueries { get; init; }

    /// <summary>The same on the path to the values of the S-inhibition heads; 0 where there are none.</summary>
    public double PathToValues { get; init; }

    /// <summary>
    /// The share of the difference of clean and flipped prompts that comes back with its clean output in flipped
    /// prompts.
    /// </summary>
    public double Whole { get; init; }

    /// <summary>Attention END → IO.</summary>
    public double EndToReceiver { get; init; }

    /// <summary>Attention END → S1.</summary>
    public double EndToGiver { get; init; }

    /// <summary>Attention END → S2.</summary>
    public double EndToSecond { get; init; }

    /// <summary>Attention S2 → S1.</summary>
    public double SecondToGiver { get; init; }

    /// <summary>Attention S2 → what follows S1.</summary>
    public double SecondToNext { get; init; }

    /// <summary>Attention from what follows S1 to S1.</summary>
    public double NextToGiver { get; init; }

    /// <summary>
    /// The share of names that are among the five most raised outputs when the head reads them behind the first layer.
    /// </summary>
    public double Copying { get; init; }

    /// <summary>The share that are among the five most lowered ones.</summary>
    public double NegativeCopying { get; init; }

    /// <summary>The roles that it has; see <see cref="IoiBounds"/>.</summary>
    public IReadOnlyList<IoiRole> Roles => [.. Enum.GetValues<IoiRole>().Where(Has)];

    /// <summary>Whether it has a role.</summary>
    public bool Has(IoiRole role) => role switch
    {
        IoiRole.NameMover => PathToLogits <= -IoiBounds.Effect && EndToReceiver >= IoiBounds.Attention
            && Copying >= IoiBounds.Copying,
        IoiRole.NegativeNameMover => PathToLogits >= IoiBounds.Effect && EndToReceiver >= IoiBounds.Attention
            && NegativeCopying >= IoiBounds.Copying,
        IoiRole.SInhibition => PathToQueries <= -IoiBounds.Effect && EndToSecond >= IoiBounds.Attention,
        IoiRole.Induction => SecondToNext >= IoiBounds.Attention,
        IoiRole.DuplicateToken => SecondToGiver >= IoiBounds.Attention,
        _ => NextToGiver >= IoiBounds.Attention,
    };
}
