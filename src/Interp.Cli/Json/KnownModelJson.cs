namespace Interp.Cli.Json;

/// <summary>A model by its name, and where it lies if it is in the cache.</summary>
internal sealed record KnownModelJson(
    string Name, string Repository, string? Family, long? Parameters, long? DownloadBytes, bool IsGated, string? Folder, long? CachedBytes);
