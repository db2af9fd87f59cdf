namespace Interp.Torch.Tests.Support;

/// <summary>The memory of this process as Linux counts it.</summary>
public static class ProcessMemory
{
    /// <summary>Bytes of physical memory now.</summary>
    public static long Resident => Field("VmRSS:");

    /// <summary>The most bytes of physical memory so far.</summary>
    public static long Peak => Field("VmHWM:");

    /// <summary>Forgets the peak, so that <see cref="Peak"/> starts from now.</summary>
    public static void ResetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static long Field(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith(name));
        return long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }
}
