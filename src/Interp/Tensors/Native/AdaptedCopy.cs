using System.Security.Cryptography;

namespace Interp.Tensors.Native;

/// <summary>The copy of TorchSharp's library whose demand for a newer libstdc++ is optional; made once.</summary>
internal static class AdaptedCopy
{
    /// <summary>The symbol version that GCC 13 brought.</summary>
    internal const string Version = "GLIBCXX_3.4.32";

    /// <summary>The path of the adapted copy of a library; the library itself stays as it is.</summary>
    /// <exception cref="IOException">No folder for it can be written.</exception>
    internal static string Of(string library)
    {
        var bytes = File.ReadAllBytes(library);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        var copy = Path.Combine(Folder(), "native", hash, Path.GetFileName(library));
        if (File.Exists(copy)) return copy;
        if (!ElfVersionPatch.MakeWeak(bytes, Version)) throw new DllNotFoundException($"{library} does not ask for {Version}, and yet it cannot be loaded");
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        // Two programs may start at once: each writes a file of its own and renames it.
        var temporary = $"{copy}.{Environment.ProcessId}.tmp";
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, copy, overwrite: true);
        return copy;
    }

    /// <summary>The user's cache, or where that cannot be written a temporary folder of theirs.</summary>
    private static string Folder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(cache, "interp");
        try
        {
            Directory.CreateDirectory(folder);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"interp-{Environment.UserName}")).FullName;
        }
    }
}
