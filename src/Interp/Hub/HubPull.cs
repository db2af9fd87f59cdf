namespace Interp.Hub;

/// <summary>What a fetch brought.</summary>
/// <param name="Snapshot">The model, complete in the cache.</param>
/// <param name="Fetched">The files that were fetched now, with their sizes in bytes.</param>
/// <param name="AlreadyThere">The files that were in the cache before.</param>
/// <param name="BytesReceived">Bytes that came over the network; fewer than the sizes where a broken fetch was continued.</param>
/// <param name="Warning">What the caller should know, such as a hub that could not be asked for news; else null.</param>
public sealed record HubPull(HubSnapshot Snapshot, IReadOnlyList<(string File, long Bytes)> Fetched,
    IReadOnlyList<string> AlreadyThere, long BytesReceived, string? Warning)
{
    /// <summary>The fetch of the tokenizer, where that lies in a repository of its own; else null.</summary>
    public HubPull? Tokenizer { get; init; }
}
