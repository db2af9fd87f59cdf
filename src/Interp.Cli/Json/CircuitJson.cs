namespace Interp.Cli.Json;

/// <summary>What <c>circuit --json</c> prints.</summary>
/// <param name="Metric">What is measured.</param>
/// <param name="Clean">The metric of the whole model.</param>
/// <param name="Corrupt">The metric without any edge.</param>
/// <param name="Saved">The circuit that the file names; null where that is the whole model or nothing.</param>
/// <param name="Points">Circuits of the standard sizes; empty where the file has no scores.</param>
/// <param name="Cpr">The area under the curve; null without one.</param>
/// <param name="Cmd">The area between the curve and 1.</param>
internal sealed record CircuitJson(string Metric, double Clean, double Corrupt, CircuitPointJson? Saved,
    CircuitPointJson[] Points, double? Cpr, double? Cmd);
