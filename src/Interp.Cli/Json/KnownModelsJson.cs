namespace Interp.Cli.Json;

/// <summary>What <c>interp models --json</c> prints.</summary>
internal sealed record KnownModelsJson(string Cache, IReadOnlyList<KnownModelJson> Models);
