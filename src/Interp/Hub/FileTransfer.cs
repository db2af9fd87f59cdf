namespace Interp.Hub;

/// <summary>Fetches the content of one file into the cache: one process at a time, checked before it gets its name.</summary>
/// <remarks>
/// While it is fetched the content is <c>blobs/ETAG.incomplete</c>. It becomes <c>blobs/ETAG</c> only when its length and
/// hash are right and it is on the disk, so a process can be killed at any moment: the next one continues.
/// </remarks>
internal sealed class FileTransfer(HubHttp http, HubSettings settings, HubCache cache, FileQuery query, TransferMeter meter)
{
    /// <summary>Makes sure that the blob of a file is in the cache.</summary>
    /// <returns>Whether it was fetched now; false where it was there, or another process brought it meanwhile.</returns>
    internal async Task<bool> FetchAsync(HubFile file, CancellationToken cancellation)
    {
        var blob = cache.BlobPath(query.Repository, file.ETag);
        if (IsThere(blob, file)) return NothingToDo(file);
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        using var held = await FileLock.TakeAsync(cache.LockPath(query.Repository, file.ETag), settings.Clock,
            () => meter.Note(file.Name, "another process is fetching this file"), cancellation).ConfigureAwait(false);
        if (IsThere(blob, file)) return NothingToDo(file);

        var incomplete = blob + ".incomplete";
        if (!await FillAndCheckAsync(incomplete, file, cancellation).ConfigureAwait(false))
        {
            // Pieces of several answers that do not belong together: once more, from the start.
            meter.Note(file.Name, "the continued file has a wrong hash; starting again");
            meter.Plan(file.Size);
            if (!await FillAndCheckAsync(incomplete, file, cancellation).ConfigureAwait(false)) throw WrongHash(file);
        }

        File.Move(incomplete, blob, overwrite: true);
        return true;
    }

    private static bool IsThere(string blob, HubFile file) => new FileInfo(blob) is { Exists: true } info && info.Length == file.Size;

    private bool NothingToDo(HubFile file)
    {
        meter.Plan(-file.Size);
        return false;
    }

    private async Task<bool> FillAndCheckAsync(string incomplete, HubFile file, CancellationToken cancellation)
    {
        var content = new ContentTransfer(http, settings, query, file, meter);
        await content.FillAsync(incomplete, cancellation).ConfigureAwait(false);
        if (await BlobHash.MatchesAsync(incomplete, file.ETag, cancellation).ConfigureAwait(false)) return true;
        File.Delete(incomplete);
        return content.IsInOnePiece ? throw WrongHash(file) : false;
    }

    private HubException WrongHash(HubFile file) => new(HubErrorKind.Corrupt,
        $"what came for {file.Name} of {query.Repository} has another hash than the hub announced ({file.ETag}); it was thrown away");
}
