using System.Reflection;
using System.Runtime.InteropServices;

namespace Interp.Torch.Libtorch;

/// <summary>
/// Finds the native bridge: the one named by <c>INTERP_BRIDGE</c>,
/// else the one built beside the assembly.
/// </summary>
internal static class BridgeLocator
{
    private const string FileName = "libinterp_torch.so";
    private static readonly Lock Gate = new();
    private static nint library;
    private static Exception? failure;

    /// <summary>The file that is loaded.</summary>
    internal static string Path =>
        Environment.GetEnvironmentVariable("INTERP_BRIDGE") is { Length: > 0 } named
            ? named
            : System.IO.Path.Combine(AppContext.BaseDirectory, FileName);

    /// <summary>Makes calls of <see cref="Bridge"/> find the library.</summary>
    internal static void Install() =>
        NativeLibrary.SetDllImportResolver(typeof(Bridge).Assembly,
            (name, _, _) => name == Bridge.Library ? Load() : 0);

    private static nint Load()
    {
        lock (Gate)
        {
            if (failure is not null) throw failure;
            if (library != 0) return library;
            try
            {
                return library = NativeLibrary.Load(Path);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                failure = new TorchException(
                    $"the bridge to libtorch cannot be loaded from {Path}: {e.Message.Split('\n')[0]} " +
                    "(build it with ./interp or ./test, or set LIBTORCH=<dir> and build again)", e);
                throw failure;
            }
        }
    }
}
