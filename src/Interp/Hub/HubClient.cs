namespace Interp.Hub;

/// <summary>Fetches models from the Hugging Face hub, or a mirror of it, into the cache that Python uses too.</summary>
/// <remarks>
/// <para>Only what a model needs is fetched: its configuration, its tokenizer and one set of weights (safetensors, with
/// all shards; files of <c>torch.save</c> only where there is nothing else). What is in the cache is not fetched again,
/// whoever brought it. Broken connections are continued, every content is checked against its hash, and two processes
/// can fetch the same model at once.</para>
/// <para>The protocol is that of <c>huggingface_hub</c>: <c>GET /api/models/NAME/revision/REVISION</c> lists the files,
/// <c>/NAME/resolve/COMMIT/FILE</c> is a file.</para>
/// <code>
/// using var hub = new HubClient();
/// var pull = await hub.PullAsync("EleutherAI/pythia-70m");
/// using var model = HookedTransformer.Load(pull.Snapshot.Folder);
/// </code>
/// </remarks>
public sealed class HubClient : IDisposable
{
    private readonly HubSettings _settings;
    private readonly Lazy<HubHttp> _http;
    private readonly Func<string, long> _freeSpace;

    /// <param name="settings">Where from and where to; <value>what the environment says</value>.</param>
    /// <exception cref="HubException">A variable of the environment cannot be used.</exception>
    public HubClient(HubSettings? settings = null)
        : this(settings ?? HubSettings.FromEnvironment(), folder => new DriveInfo(folder).AvailableFreeSpace)
    {
    }

    internal HubClient(HubSettings settings, Func<string, long> freeSpace)
    {
        if (settings.Parallel < 1 || settings.Attempts < 1)
        {
            throw new ArgumentException(
                $"Parallel is {settings.Parallel} and Attempts {settings.Attempts}; both must be at least 1", nameof(settings));
        }

        _settings = settings;
        _freeSpace = freeSpace;
        _http = new Lazy<HubHttp>(() => new HubHttp(settings));
        Cache = new HubCache(settings.CacheFolder);
    }

    /// <summary>The cache that models are fetched into.</summary>
    public HubCache Cache { get; }

    /// <summary>
    /// Fetches a model, or what is missing of it; where a known model's tokenizer lies in another repository, that one too,
    /// into its own place in the cache.
    /// </summary>
    /// <param name="name">A repository, <c>owner/name</c>, or a short name of <see cref="KnownModels"/>.</param>
    /// <param name="revision">A branch, a tag or a commit; <value>main</value>.</param>
    /// <param name="progress">Told a few times a second how far it is.</param>
    /// <param name="cancellation">Stops it; what has come is kept and continued the next time.</param>
    /// <exception cref="HubException">It cannot be had; the message says why and what to do.</exception>
    public async Task<HubPull> PullAsync(
        string name, string revision = "main", IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(revision);
        var pull = await PullAsync(Wanted.Model(this, name), revision, progress, cancellation).ConfigureAwait(false);
        if (KnownModels.Find(name)?.TokenizerRepository is not { } tokenizer) return pull;
        return pull with
        {
            Tokenizer = await PullAsync(Wanted.Tokenizer(this, tokenizer, name), HubNames.Main, progress, cancellation)
                .ConfigureAwait(false),
        };
    }

    private async Task<HubPull> PullAsync(
        Wanted wanted, string revision, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        var cached = wanted.InCache(revision);
        if (cached is not null && (_settings.Offline || HubNames.IsCommit(revision))) return NothingNew(cached, null);
        if (_settings.Offline) throw Missing(wanted, revision);

        var repository = cached?.Repository ?? wanted.ToFetch;
        var meter = new TransferMeter(repository, _settings.Clock, progress);
        RepositoryListing listing;
        try
        {
            listing = await RepositoryListing.FetchAsync(
                _http.Value, _settings, repository, revision, note => meter.Note("", note), cancellation).ConfigureAwait(false);
        }
        catch (HubException e) when (cached is not null && e.Kind is HubErrorKind.Unreachable or HubErrorKind.Refused)
        {
            return NothingNew(cached!, $"{e.Message}; using the cached commit {cached!.Commit[..7]}");
        }

        return await new SnapshotTransfer(_http.Value, _settings, Cache, repository, revision, listing, meter, _freeSpace)
            .FetchAsync(wanted.Choose, cancellation).ConfigureAwait(false);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        if (_http.IsValueCreated) _http.Value.Dispose();
    }

    /// <summary>A repository has one cache folder for each name it was fetched by; the one that is there is continued.</summary>
    private string RepositoryToFetch(string name) =>
        KnownModels.RepositoriesOf(name).FirstOrDefault(Cache.Knows) ?? KnownModels.Find(name)?.Repository ?? name;

    private HubException Missing(Wanted wanted, string revision) => new(HubErrorKind.Offline,
        $"HF_HUB_OFFLINE is set, and {wanted.Title} at '{revision}' is not complete in the cache {Cache.Folder}; unset it and "
        + $"run 'interp pull {wanted.Name}'");

    private static HubPull NothingNew(HubSnapshot snapshot, string? warning) =>
        new(snapshot, [], FilesOf(snapshot.Folder), 0, warning);

    private static List<string> FilesOf(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal),
    ];

    /// <summary>What is fetched of a repository.</summary>
    /// <param name="Name">The model's name, for the remedy in errors.</param>
    /// <param name="Title">What it is, for errors.</param>
    /// <param name="ToFetch">The repository to ask where nothing of it is in the cache.</param>
    /// <param name="InCache">What is in the cache of a revision, or null.</param>
    /// <param name="Choose">Its files among all of the repository, with its name for errors.</param>
    private sealed record Wanted(string Name, string Title, string ToFetch, Func<string, HubSnapshot?> InCache,
        Func<IReadOnlyCollection<string>, string, IReadOnlyList<string>> Choose)
    {
        internal static Wanted Model(HubClient hub, string name) => new(
            name, name, hub.RepositoryToFetch(name), revision => hub.Cache.Find(name, revision), ModelFiles.Choose);

        internal static Wanted Tokenizer(HubClient hub, string repository, string model) => new(model,
            $"the tokenizer {repository}", repository, revision => hub.Cache.FindTokenizer(repository, revision),
            ModelFiles.ChooseTokenizer);
    }
}
