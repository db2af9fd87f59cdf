namespace Interp.Cli.Json;

/// <summary>The epochs at which the phases end, in <see cref="GrokJson"/>.</summary>
/// <param name="Memorized">Memorization.</param>
/// <param name="CircuitFormed">Circuit formation.</param>
/// <param name="CleanedUp">Cleanup.</param>
internal sealed record GrokPhasesJson(long Memorized, long CircuitFormed, long CleanedUp);
