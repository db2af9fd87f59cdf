using Interp.Circuits.Heads;

namespace Interp.Studies.InductionHeads;

/// <summary>How an earlier head reaches a later one, by weights and in a run.</summary>
/// <param name="Earlier">The earlier head.</param>
/// <param name="Later">The later head.</param>
/// <param name="Q">The Q-composition score (<see cref="Interp.Circuits.Linear.CompositionScores"/>).</param>
/// <param name="K">The K-composition score.</param>
/// <param name="V">The V-composition score.</param>
/// <param name="Match">Whether the later head, through the earlier one, looks for its own token.</param>
/// <param name="Contrast">
/// What the path adds to the later head's attention scores at the right places, above its mean over all places, in nats.
/// </param>
public sealed record HeadComposition(HeadName Earlier, HeadName Later, double Q, double K, double V, TokenMatch Match,
    double Contrast);
