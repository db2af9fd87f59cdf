using System.Runtime.InteropServices;

namespace Interp.Tensors.Native;

/// <summary>Where the native libraries of TorchSharp and libtorch can lie, the first choice first.</summary>
internal static class LibtorchFolders
{
    /// <summary>The variable that names a libtorch of the user's, for example that of a Python torch.</summary>
    internal const string Variable = "INTERP_LIBTORCH";

    /// <summary>The version of the libtorch packages that TorchSharp 0.107 is built for.</summary>
    internal const string LibtorchVersion = "2.10.0";

    /// <summary>The system's name in package folders, for example <c>linux-x64</c>.</summary>
    internal static string Rid { get; } =
        (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-") +
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The folder that the user named, or null. A Python torch keeps its libraries in <c>lib</c>.</summary>
    internal static string? Named =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
            ? Directory.Exists(Path.Combine(folder, "lib")) ? Path.Combine(folder, "lib") : folder
            : null;

    /// <summary>The file name of a library on this system: <c>libc10.so</c>, <c>libc10.dylib</c>, <c>c10.dll</c>.</summary>
    internal static string FileName(string library) =>
        OperatingSystem.IsWindows() ? library + ".dll"
        : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>The first place that has a library, or null.</summary>
    internal static string? Find(string library, bool named = true) =>
        Folders(named).Select(folder => Path.Combine(folder, FileName(library))).FirstOrDefault(File.Exists);

    /// <summary>Whether .NET's own search finds libtorch among the folders of this application.</summary>
    /// <remarks>Where it does not, it would take a libtorch of the system, which may be of any version.</remarks>
    internal static bool RuntimeFinds =>
        SearchedByRuntime().Any(folder => File.Exists(Path.Combine(folder, FileName("torch_cpu"))));

    private static IEnumerable<string> SearchedByRuntime() =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory);

    private static IEnumerable<string> Folders(bool named)
    {
        if (named && Named is { } folder) yield return folder;
        foreach (var searched in SearchedByRuntime()) yield return searched;
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", Rid, "native");
        foreach (var package in Packages()) yield return Path.Combine(package, "runtimes", Rid, "native");
    }

    /// <summary>The folders of restored packages; builds do not copy half a gigabyte beside every program.</summary>
    private static IEnumerable<string> Packages()
    {
        foreach (var root in PackageRoots())
        {
            yield return Path.Combine(root, "torchsharp", Libtorch.TorchSharpVersion);
            yield return Path.Combine(root, $"libtorch-cpu-{Rid}", LibtorchVersion);
        }
    }

    private static IEnumerable<string> PackageRoots()
    {
        if (Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named) yield return named;
        yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
    }
}
