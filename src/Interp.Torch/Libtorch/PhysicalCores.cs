namespace Interp.Torch.Libtorch;

/// <summary>The number of physical cores this process may use: hyper-threads do not help matrix products.</summary>
internal static class PhysicalCores
{
    internal static int Count()
    {
        var named = Environment.GetEnvironmentVariable("OMP_NUM_THREADS");
        if (int.TryParse(named, out var wanted) && wanted > 0) return wanted;
        var logical = Environment.ProcessorCount;
        try
        {
            var cores = File.ReadLines("/proc/cpuinfo")
                .Where(line => line.StartsWith("physical id") || line.StartsWith("core id"))
                .Select(line => line.Split(':')[^1].Trim())
                .Chunk(2).Select(pair => string.Join('/', pair)).Distinct().Count();
            return cores > 0 ? Math.Min(cores, logical) : logical;
        }
        catch (IOException)
        {
            return logical;
        }
    }
}
