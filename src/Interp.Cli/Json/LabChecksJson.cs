namespace Interp.Cli.Json;

/// <summary>What <c>lab check --json</c> prints.</summary>
/// <param name="Checks">One for each file.</param>
internal sealed record LabChecksJson(LabCheckJson[] Checks);
