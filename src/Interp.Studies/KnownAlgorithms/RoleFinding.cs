using Interp.Circuits.Heads;

namespace Interp.Studies.KnownAlgorithms;

/// <summary>Which heads have a role, and what the answer loses when they may not look there.</summary>
/// <param name="Role">The role.</param>
/// <param name="Heads">All heads of its layers.</param>
/// <param name="Holders">Those that look there <see cref="AlgorithmBounds.OverChance"/> times as much as
/// chance.</param>
/// <param name="Cut">The accuracy when their attention to the role's keys is zero and the rest is scaled up.</param>
/// <param name="Control">The accuracy when as many other keys, drawn at random, are cut.</param>
/// <param name="Exact">The accuracy when they look at the role's keys only, at all of them alike.</param>
public sealed record RoleFinding(AttentionRole Role, IReadOnlyList<RoleHead> Heads, IReadOnlyList<HeadName> Holders,
    double Cut, double Control, double Exact);
