namespace Interp.Testing;

/// <summary>
/// Where parity data lives: the folder <c>shared</c> beside the checkout, or the one named by
/// <c>INTERP_SHARED</c>. It is not part of the repository, so tests that need it skip without it.
/// </summary>
public static class SharedData
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>The full path of a file or folder below the shared folder.</summary>
    public static string Path(string relative) =>
        System.IO.Path.Combine(Folder ?? throw new InvalidOperationException("no shared folder"), relative);

    /// <summary>Whether a file or folder of that relative path is there.</summary>
    public static bool Has(string relative) =>
        Folder is not null && System.IO.Path.Exists(System.IO.Path.Combine(Folder, relative));

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("INTERP_SHARED");
        if (!string.IsNullOrEmpty(named)) return Directory.Exists(named) ? named : null;
        var shared = System.IO.Path.Combine(Repository.Root, "..", "shared");
        return Directory.Exists(shared) ? System.IO.Path.GetFullPath(shared) : null;
    }
}
