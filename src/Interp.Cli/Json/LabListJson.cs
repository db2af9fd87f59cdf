namespace Interp.Cli.Json;

/// <summary>What <c>lab --json</c> prints.</summary>
/// <param name="Labs">The labs.</param>
internal sealed record LabListJson(LabJson[] Labs);
