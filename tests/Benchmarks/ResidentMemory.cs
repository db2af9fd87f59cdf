using System.Runtime.InteropServices;

namespace Interp.Benchmarks;

/// <summary>The memory of this process (Linux).</summary>
internal static partial class ResidentMemory
{
    /// <summary>What is resident now, after garbage is collected and freed memory is given back.</summary>
    internal static long Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _ = malloc_trim(0);
        return Field("VmRSS");
    }

    /// <summary>The most that is resident while something runs.</summary>
    internal static long Peak(Action work)
    {
        File.WriteAllText("/proc/self/clear_refs", "5"); // resets the peak
        work();
        return Field("VmHWM");
    }

    private static long Field(string name)
    {
        var line = File.ReadLines("/proc/self/status").Single(l => l.StartsWith(name + ":"));
        return long.Parse(line[(name.Length + 1)..^"kB".Length]) * 1024;
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
