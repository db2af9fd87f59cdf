namespace Interp.Cli.Json;

/// <summary>What <c>interp pull --json</c> prints.</summary>
internal sealed record PullJson(
    string Name, string Repository, string Revision, string Commit, string Folder, long Bytes, long BytesReceived,
    IReadOnlyList<PullFileJson> Fetched, IReadOnlyList<string> AlreadyThere, string? Warning,
    PullJson? Tokenizer);
