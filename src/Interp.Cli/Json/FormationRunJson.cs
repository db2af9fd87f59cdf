namespace Interp.Cli.Json;

/// <summary>A training in <see cref="FormationJson"/>.</summary>
/// <param name="Layers">Layers.</param>
/// <param name="Seed">The seed.</param>
/// <param name="PhaseChange">Whether it goes through a phase change.</param>
/// <param name="Step">Where prefix matching rises fastest; null without a phase change.</param>
/// <param name="ChangeSteps">Where each of the other curves changes fastest.</param>
/// <param name="PrefixMatching">The score at the end.</param>
/// <param name="InContext">The in-context score at the end.</param>
/// <param name="RepeatedLoss">The loss of repeated tokens at the end.</param>
internal sealed record FormationRunJson(int Layers, ulong Seed, bool PhaseChange, long? Step, Dictionary<string, long> ChangeSteps,
    double PrefixMatching, double InContext, double RepeatedLoss);
