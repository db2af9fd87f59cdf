namespace Interp.Hub;

/// <summary>One commit of a model in the cache, with all files that loading it needs.</summary>
/// <param name="Repository">The repository, such as <c>EleutherAI/pythia-70m</c>.</param>
/// <param name="Revision">The branch, tag or commit that was asked for.</param>
/// <param name="Commit">The commit, 40 hexadecimal digits.</param>
/// <param name="Folder">The folder with the files; give it to whatever takes the folder of a model.</param>
public sealed record HubSnapshot(string Repository, string Revision, string Commit, string Folder)
{
    /// <summary>The bytes of its files.</summary>
    public long Size => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(HubCache.IsThere)
        .Sum(file => (File.ResolveLinkTarget(file, returnFinalTarget: true) as FileInfo ?? new FileInfo(file)).Length);
}
