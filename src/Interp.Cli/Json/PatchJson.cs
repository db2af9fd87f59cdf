namespace Interp.Cli.Json;

/// <summary>What <c>patch --json</c> prints.</summary>
/// <param name="Metric">What is measured.</param>
/// <param name="Clean">The metric of the run that values come from.</param>
/// <param name="Corrupt">The metric of the run that is patched.</param>
/// <param name="Sweeps">One for each kind of site.</param>
internal sealed record PatchJson(string Metric, double Clean, double Corrupt, SweepJson[] Sweeps);
