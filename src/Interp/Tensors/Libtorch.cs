using System.Reflection;
using Interp.Tensors.Native;
using TorchSharp;

namespace Interp.Tensors;

/// <summary>The libtorch that runs: its version, where it came from, what was adapted.</summary>
public static class Libtorch
{
    /// <summary>The version of the libtorch that is loaded, for example <c>2.10.0</c>.</summary>
    public static string Version
    {
        get
        {
            var version = StableInterface.LoadedVersion();
            return $"{version >> 56}.{(version >> 48) & 0xff}.{(version >> 40) & 0xff}";
        }
    }

    /// <summary>The version of TorchSharp.</summary>
    public static string TorchSharpVersion { get; } =
        typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The files of the native libraries that this toolkit loaded, by name; none where .NET found them itself.</summary>
    public static IReadOnlyDictionary<string, string> Sources => NativeLoader.Sources;

    /// <summary>What was adapted to this system, in one line, or null.</summary>
    public static string? Adapted => NativeLoader.Adapted;

    /// <summary>
    /// Gives memory back to the system that was freed and kept for what comes next. A hundredth of a second; for loops
    /// that run for hours.
    /// </summary>
    public static void TrimMemory() => Platform.TrimMemory();
}
