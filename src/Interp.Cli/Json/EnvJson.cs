namespace Interp.Cli.Json;

/// <summary>What <c>interp env --json</c> prints.</summary>
internal sealed record EnvJson(IReadOnlyList<EnvFactJson> Facts);
