namespace Interp.Cli.Json;

/// <summary>What <c>induction formation --json</c> prints.</summary>
/// <param name="Holds">Whether all claims hold.</param>
/// <param name="Runs">The trainings.</param>
/// <param name="Verdicts">The claims.</param>
internal sealed record FormationJson(bool Holds, FormationRunJson[] Runs, VerdictJson[] Verdicts);
