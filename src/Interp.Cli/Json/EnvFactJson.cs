namespace Interp.Cli.Json;

/// <summary>One fact of the environment.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Value">The fact.</param>
/// <param name="Source">How it is known: <c>asked</c> of the library, <c>found</c> on this system, or <c>derived</c>.</param>
internal sealed record EnvFactJson(string Name, string Value, string Source);
