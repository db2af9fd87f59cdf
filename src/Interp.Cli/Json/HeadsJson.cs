namespace Interp.Cli.Json;

/// <summary>What <c>heads --json</c> prints.</summary>
/// <param name="Heads">Every head, layer by layer.</param>
internal sealed record HeadsJson(HeadJson[] Heads);
