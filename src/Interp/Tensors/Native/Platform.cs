using System.Runtime.InteropServices;

namespace Interp.Tensors.Native;

/// <summary>What differs between operating systems: how freed memory is kept and given back.</summary>
/// <remarks>
/// On Linux glibc maps every large tensor anew, whose pages the kernel clears again and again, and keeps small freed blocks
/// between large ones for ever. Windows and macOS need neither remedy.
/// </remarks>
internal static partial class Platform
{
    private const int TrimThreshold = -1; // M_TRIM_THRESHOLD
    private const int TopPad = -2;        // M_TOP_PAD
    private const int MapMax = -4;        // M_MMAP_MAX
    private const int Megabyte = 1 << 20;

    /// <summary>Keeps freed memory of large tensors for the next ones; once, before libtorch allocates.</summary>
    internal static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux()) return;
        Quietly(() => SetOption(MapMax, 0) & SetOption(TrimThreshold, 2000 * Megabyte) & SetOption(TopPad, 64 * Megabyte));
    }

    /// <summary>Gives memory that was freed and kept back to the system; about a hundredth of a second.</summary>
    internal static void TrimMemory()
    {
        if (OperatingSystem.IsLinux()) Quietly(() => Trim(0));
    }

    /// <summary>Other C libraries, such as musl, have no such functions.</summary>
    private static void Quietly(Func<int> call)
    {
        try
        {
            call();
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
