using Interp.Circuits.Heads;

namespace Interp.Studies.KnownAlgorithms;

/// <summary>How much a head looks where a role says.</summary>
/// <param name="Name">The head.</param>
/// <param name="Attention">Mean attention to the role's keys, over queries that have such keys.</param>
/// <param name="Chance">The same for a head that looks at all visible keys alike.</param>
public sealed record RoleHead(HeadName Name, double Attention, double Chance);
