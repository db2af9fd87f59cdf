namespace Interp.Hub;

/// <summary>The cache that Python's <c>huggingface_hub</c> and this toolkit share.</summary>
/// <remarks>
/// <para>For each repository one folder <c>models--owner--name</c>:</para>
/// <list type="bullet">
/// <item><c>blobs/ETAG</c>: contents, named by their hash (sha256 of large files, git's sha1 of small ones);</item>
/// <item><c>snapshots/COMMIT/FILE</c>: relative links to blobs;</item>
/// <item><c>refs/REVISION</c>: the commit that a branch or tag was at when it was last fetched.</item>
/// </list>
/// <para>Unfinished contents are <c>blobs/ETAG.incomplete</c>; <c>.locks/models--owner--name/ETAG.lock</c> is locked by the
/// process that writes them. Layout: "Understand caching" in the documentation of huggingface_hub.</para>
/// </remarks>
/// <param name="folder">The folder of the cache; it need not exist.</param>
public sealed class HubCache(string folder)
{
    private const string Prefix = "models--";

    /// <summary>The folder of the cache.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>The model of a name in the cache, complete, or null.</summary>
    /// <param name="name">A repository or a short name of <see cref="KnownModels"/>.</param>
    /// <param name="revision">A branch, a tag or a commit.</param>
    /// <exception cref="HubException">The name or the revision cannot be one.</exception>
    public HubSnapshot? Find(string name, string revision = "main")
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(revision);
        HubNames.CheckRepository(name);
        return KnownModels.RepositoriesOf(name).Select(repository => FindRepository(repository, revision))
            .FirstOrDefault(found => found is not null);
    }

    /// <summary>The tokenizer of a repository in the cache, whether or not there are weights beside it, or null.</summary>
    /// <param name="repository">The repository, such as <see cref="KnownModel.TokenizerRepository"/>.</param>
    /// <param name="revision">A branch, a tag or a commit; <value>main</value>.</param>
    /// <exception cref="HubException">The name or the revision cannot be one.</exception>
    public HubSnapshot? FindTokenizer(string repository, string revision = "main")
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(revision);
        return Snapshot(repository, revision, ModelFiles.HasTokenizer);
    }

    /// <summary>The cache and the repository that a snapshot, or a file in one, belongs to; null for any other path.</summary>
    internal static (HubCache Cache, string Repository)? PlaceOf(string path)
    {
        for (var folder = new DirectoryInfo(Path.GetFullPath(path)); folder is not null; folder = folder.Parent)
        {
            if (!HubNames.IsCommit(folder.Name) || folder.Parent is not { Name: "snapshots", Parent: { } repository }) continue;
            return repository.Name.StartsWith(Prefix, StringComparison.Ordinal) && repository.Parent is { } cache
                && NameOf(repository.FullName) is var name && HubNames.IsRepository(name)
                ? (new HubCache(cache.FullName), name)
                : null;
        }

        return null;
    }

    /// <summary>The complete models in the cache at their <c>main</c> branch, in order of their names.</summary>
    public IReadOnlyList<HubSnapshot> Models()
    {
        if (!Directory.Exists(Folder)) return [];
        var names = Directory.EnumerateDirectories(Folder, Prefix + "*").Select(NameOf).Where(HubNames.IsRepository);
        return [.. names.Order(StringComparer.OrdinalIgnoreCase).Select(name => FindRepository(name, "main")).OfType<HubSnapshot>()];
    }

    /// <summary>Whether anything of a repository is there, complete or not.</summary>
    internal bool Knows(string repository) => Directory.Exists(RepositoryFolder(repository));

    internal HubSnapshot? FindRepository(string repository, string revision) =>
        Snapshot(repository, revision, ModelFiles.IsComplete);

    internal string RepositoryFolder(string repository) => Path.Combine(Folder, FolderName(repository));

    internal string SnapshotFolder(string repository, string commit) =>
        Path.Combine(RepositoryFolder(repository), "snapshots", commit);

    internal string BlobPath(string repository, string etag) => Path.Combine(RepositoryFolder(repository), "blobs", etag);

    internal string LockPath(string repository, string etag) =>
        Path.Combine(Folder, ".locks", FolderName(repository), etag + ".lock");

    /// <summary>Whether there is a file, at the end of all links: File.Exists is also true of a link that leads nowhere.</summary>
    internal static bool IsThere(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.Exists ?? File.Exists(path);
        }
        catch (IOException)
        {
            return false; // nothing at all, or links in a circle
        }
    }

    /// <summary>Makes a blob a file of a commit: by a relative link, or where links are not allowed by moving it.</summary>
    internal void Link(string repository, string commit, string file, string etag)
    {
        var blob = BlobPath(repository, etag);
        var path = Path.Combine(SnapshotFolder(repository, commit), file);
        if (IsThere(path)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            File.CreateSymbolicLink(temporary, Path.GetRelativePath(Path.GetDirectoryName(path)!, blob));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && OperatingSystem.IsWindows())
        {
            temporary = blob; // Windows lets only some accounts make links
        }

        // Renamed over whatever is there: a link whose blob was deleted, or what another process made just now.
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Notes the commit that a branch or tag is at.</summary>
    internal void WriteRef(string repository, string revision, string commit)
    {
        if (HubNames.IsCommit(revision) || CommitOf(repository, revision) == commit) return;
        var path = RefPath(repository, revision);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Weights.AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(commit)));
    }

    private HubSnapshot? Snapshot(string repository, string revision, Predicate<string> isWhole)
    {
        if (CommitOf(repository, HubNames.CheckRevision(revision)) is not { } commit) return null;
        var folder = SnapshotFolder(repository, commit);
        return isWhole(folder) ? new HubSnapshot(repository, revision, commit, folder) : null;
    }

    private string? CommitOf(string repository, string revision)
    {
        if (HubNames.IsCommit(revision)) return revision;
        var path = RefPath(repository, revision);
        if (!File.Exists(path) || new FileInfo(path).Length > 100) return null;
        return File.ReadAllText(path).Trim() is var commit && HubNames.IsCommit(commit) ? commit : null;
    }

    private string RefPath(string repository, string revision) =>
        Path.Combine(RepositoryFolder(repository), "refs", revision);

    private static string FolderName(string repository) => Prefix + HubNames.CheckRepository(repository).Replace("/", "--");

    private static string NameOf(string folder) => Path.GetFileName(folder)[Prefix.Length..].Replace("--", "/");
}
