namespace Interp.Tests.Robustness;

/// <summary>The memory of this process that is resident, as Linux counts it; elsewhere 0.</summary>
internal static class ResidentMemory
{
    /// <summary>Starts the count of the highest value again.</summary>
    public static void ResetPeak()
    {
        // 5 sets the peak back to the present value and touches nothing else (proc(5), clear_refs).
        if (OperatingSystem.IsLinux()) File.WriteAllText("/proc/self/clear_refs", "5");
    }

    /// <summary>Bytes at this moment.</summary>
    public static long Now() => Read("VmRSS:");

    /// <summary>The most since the last reset.</summary>
    public static long Peak() => Read("VmHWM:");

    private static long Read(string name)
    {
        if (!OperatingSystem.IsLinux()) return 0;
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..^"kB".Length]) * 1024;
    }
}
