namespace Interp.Cli.Json;

/// <summary>A file that was fetched.</summary>
internal sealed record PullFileJson(string File, long Bytes);
