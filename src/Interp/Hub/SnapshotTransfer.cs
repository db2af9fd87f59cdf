using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Interp.Hub;

/// <summary>Completes one commit in the cache: asks for what is missing, fetches several files at once, notes the branch last.</summary>
internal sealed class SnapshotTransfer
{
    private readonly HubSettings _settings;
    private readonly HubCache _cache;
    private readonly string _repository, _revision, _folder;
    private readonly RepositoryListing _listing;
    private readonly TransferMeter _meter;
    private readonly Func<string, long> _freeSpace;
    private readonly FileQuery _query;
    private readonly FileTransfer _transfer;
    private readonly ConcurrentBag<(string File, long Bytes)> _fetched = [];
    private readonly ConcurrentBag<string> _found = [];

    internal SnapshotTransfer(HubHttp http, HubSettings settings, HubCache cache, string repository, string revision,
        RepositoryListing listing, TransferMeter meter, Func<string, long> freeSpace)
    {
        (_settings, _cache, _repository, _revision, _listing, _meter, _freeSpace) =
            (settings, cache, repository, revision, listing, meter, freeSpace);
        _folder = cache.SnapshotFolder(repository, listing.Commit);
        _query = new FileQuery(http, settings, repository, listing.Commit, note => meter.Note("", note));
        _transfer = new FileTransfer(http, settings, cache, _query, meter);
    }

    /// <param name="choose">Which of the files of a repository, with its name for errors.</param>
    /// <param name="cancellation">Stops it.</param>
    internal async Task<HubPull> FetchAsync(
        Func<IReadOnlyCollection<string>, string, IReadOnlyList<string>> choose, CancellationToken cancellation)
    {
        var files = choose([.. _listing.Files.Keys], _repository).ToList();
        if (files.Find(ModelFiles.IsIndex) is { } index)
        {
            await FetchAllAsync([index], cancellation).ConfigureAwait(false);
            files.Remove(index);
            files.AddRange(ShardsOf(index));
        }

        await FetchAllAsync(files, cancellation).ConfigureAwait(false);
        _cache.WriteRef(_repository, _revision, _listing.Commit);
        var snapshot = new HubSnapshot(_repository, _revision, _listing.Commit, _folder);
        return new HubPull(snapshot, [.. _fetched.OrderBy(file => file.File, StringComparer.Ordinal)],
            [.. _found.Order(StringComparer.Ordinal)], _meter.Done, null);
    }

    private IReadOnlyList<string> ShardsOf(string index)
    {
        var shards = ModelFiles.ShardsOf(Path.Combine(_folder, index));
        foreach (var shard in shards)
        {
            if (_listing.Files.ContainsKey(HubNames.CheckFile(shard, $"{index} of {_repository}"))) continue;
            throw new HubException(HubErrorKind.NotFound,
                $"{index} of {_repository} names the shard '{HubNames.Shown(shard)}', which the repository does not have");
        }

        return shards;
    }

    private async Task FetchAllAsync(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        // A file of a commit never changes: what is linked is right.
        foreach (var file in files) HubNames.CheckFile(file, $"the list of {_repository}");
        foreach (var file in files.Where(IsLinked)) _found.Add(file);
        var missing = new ConcurrentBag<HubFile>();
        await ForEachAsync(files.Where(file => !IsLinked(file)), async (file, stop) =>
        {
            var known = await _query.AskAsync(file, _listing.Files[file], stop).ConfigureAwait(false);
            missing.Add(known);
        }, cancellation).ConfigureAwait(false);
        foreach (var file in missing) _meter.Plan(file.Size);
        CheckSpace(missing.Sum(file => file.Size));

        // Small files first: their errors show early, and the large ones share the line to the end.
        await ForEachAsync(missing.OrderBy(file => file.Size).ThenBy(file => file.Name, StringComparer.Ordinal), async (file, stop) =>
        {
            var isNew = await _transfer.FetchAsync(file, stop).ConfigureAwait(false);
            _cache.Link(_repository, _listing.Commit, file.Name, file.ETag);
            if (isNew) _fetched.Add((file.Name, file.Size));
            else _found.Add(file.Name);
        }, cancellation).ConfigureAwait(false);
    }

    private bool IsLinked(string file) => HubCache.IsThere(Path.Combine(_folder, file));

    private void CheckSpace(long needed)
    {
        if (needed == 0) return;
        Directory.CreateDirectory(_cache.Folder);
        var free = _freeSpace(_cache.Folder);
        if (needed > free)
        {
            throw new HubException(HubErrorKind.NoSpace,
                $"{_repository} needs {Megabytes(needed)}, and {Megabytes(free)} are free in {_cache.Folder}; "
                + "make room, or point HF_HUB_CACHE to another disk");
        }
    }

    /// <summary>Runs a few at a time; the first failure stops the others and is the one that is thrown.</summary>
    private async Task ForEachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, Task> body, CancellationToken cancellation)
    {
        ExceptionDispatchInfo? first = null;
        var options = new ParallelOptions { MaxDegreeOfParallelism = _settings.Parallel, CancellationToken = cancellation };
        try
        {
            await Parallel.ForEachAsync(items, options, async (item, stop) =>
            {
                try
                {
                    await body(item, stop).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(e), null);
                    throw;
                }
            }).ConfigureAwait(false);
        }
        catch when (first is not null)
        {
            first.Throw();
        }
    }

    private static string Megabytes(long bytes) => bytes >= 1_000_000_000 ? $"{bytes / 1e9:0.##} GB" : $"{bytes / 1e6:0.#} MB";
}
