namespace Interp.Cli.Json;

/// <summary>What <c>interp models --json</c> prints.</summary>
internal sealed record KnownModelsJson(string Cache, IReadOnlyList<KnownModelJson> Models);

/// <summary>A model by its name, and where it lies if it is in the cache.</summary>
internal sealed record KnownModelJson(
    string Name, string Repository, string? Family, long? Parameters, long? DownloadBytes, bool IsGated, string? Folder, long? CachedBytes);
