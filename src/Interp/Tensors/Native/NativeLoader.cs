using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Interp.Tensors.Native;

/// <summary>Loads libtorch and TorchSharp's own native library, wherever they lie, before TorchSharp asks for them.</summary>
/// <remarks>
/// .NET's search comes first where the user names no libtorch: an application that references the native packages needs
/// nothing from here. What it does not find is looked for in <see cref="LibtorchFolders"/>, and a library that asks for
/// a newer libstdc++ than the system's is loaded from an adapted copy (<see cref="ElfVersionPatch"/>).
/// </remarks>
internal static class NativeLoader
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, nint> Loaded = [];

    /// <summary>Where each library was loaded from.</summary>
    internal static Dictionary<string, string> Sources { get; } = [];

    /// <summary>What was adapted to this system, in one line, or null.</summary>
    internal static string? Adapted { get; private set; }

    /// <summary>Runs when the toolkit's assembly is first used.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp loads its library in its first use, which may come before any call of ours.")]
    internal static void Register()
    {
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => Resolve(name);
        if (LibtorchFolders.Named is not null) LoadNamed();
        else if (!LibtorchFolders.RuntimeFinds) lock (Gate) LoadTorch();
    }

    /// <summary>The handle of a library that TorchSharp or libtorch ask for; 0 where it is none of theirs.</summary>
    internal static nint Resolve(string name)
    {
        lock (Gate)
            return Simple(name) switch
            {
                "torch_cpu" => LoadTorch(),
                "torch_cuda" => Load("torch_cuda"),
                "LibTorchSharp" => LoadTorch() == 0 ? 0 : LoadTorchSharp(),
                _ => 0,
            };
    }

    private static string Simple(string name)
    {
        var file = Path.GetFileName(name);
        if (file.StartsWith("lib", StringComparison.Ordinal)) file = file[3..];
        var dot = file.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? file : file[..dot];
    }

    private static nint LoadTorch()
    {
        Platform.KeepFreedMemory();
        // The order of their dependencies: each finds the one before it loaded already.
        Load("c10");
        var cpu = Load("torch_cpu");
        Load("torch");
        return cpu;
    }

    private static nint Load(string library)
    {
        if (Loaded.TryGetValue(library, out var handle)) return handle;
        if (LibtorchFolders.Find(library) is not { } path) return 0;
        handle = NativeLibrary.Load(path);
        Sources[library] = path;
        return Loaded[library] = handle;
    }

    private static nint LoadTorchSharp()
    {
        if (Loaded.TryGetValue("LibTorchSharp", out var handle)) return handle;
        // A libtorch that the user names brings no LibTorchSharp.
        if (LibtorchFolders.Find("LibTorchSharp", named: false) is not { } path) return 0;
        try
        {
            handle = NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e) when (OperatingSystem.IsLinux() && e.Message.Contains(AdaptedCopy.Version, StringComparison.Ordinal))
        {
            path = AdaptedCopy.Of(path);
            handle = NativeLibrary.Load(path);
            Adapted = $"this system's libstdc++ has no {AdaptedCopy.Version}; TorchSharp's library asks for it without " +
                $"using it, so an adapted copy is loaded: {path}";
        }
        Sources["LibTorchSharp"] = path;
        return Loaded["LibTorchSharp"] = handle;
    }

    private static void LoadNamed()
    {
        var folder = LibtorchFolders.Named!;
        var file = Path.Combine(folder, LibtorchFolders.FileName("torch_cpu"));
        if (!File.Exists(file))
            throw new DllNotFoundException($"{LibtorchFolders.Variable}: no {Path.GetFileName(file)} in '{folder}'; name the folder of libtorch's libraries");
        lock (Gate) LoadTorch();
    }
}
