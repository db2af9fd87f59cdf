using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Interp.Cli.Json;
using Interp.Tensors;
using TorchSharp;

namespace Interp.Cli.Models;

/// <summary>What runs here: libraries and where they came from, kernels, threads, devices.</summary>
internal static class EnvironmentFacts
{
    private const string Asked = "asked";
    private const string Found = "found";
    private const string Derived = "derived";

    private static readonly string[] Libraries = ["torch_cpu", "torch_cuda", "LibTorchSharp", "libmkl", "mkl_", "openblas", "libgomp", "libiomp", "libomp"];

    internal static IReadOnlyList<EnvFactJson> Collect()
    {
        var threads = torch.get_num_threads(); // loads libtorch
        List<EnvFactJson> facts =
        [
            new("interp", typeof(EnvironmentFacts).Assembly.GetName().Version!.ToString(3), Asked),
            new(".NET", $"{Environment.Version} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}", Asked),
            new("TorchSharp", Libtorch.TorchSharpVersion, Asked),
            new("libtorch", Libtorch.Version, Asked),
        ];
        facts.AddRange(Loaded().Select(path => new EnvFactJson("library", path, Found)));
        if (Libtorch.Adapted is { } adapted) facts.Add(new("adapted", adapted, Found));
        facts.Add(new("threads", $"{threads} of {Environment.ProcessorCount} processors", Asked));
        facts.Add(new("kernels", Kernels(), Derived));
        facts.Add(new("bfloat16", BFloat16(), Derived));
        facts.Add(new("devices", Devices(), Asked));
        facts.AddRange(Variables());
        return facts;
    }

    /// <summary>Native libraries of this process that compute, wherever the system's loader found them.</summary>
    private static IEnumerable<string> Loaded()
    {
        using var process = Process.GetCurrentProcess();
        return [.. process.Modules.Cast<ProcessModule>().Select(module => module.FileName)
            .Where(path => Libraries.Any(name => Path.GetFileName(path).Contains(name, StringComparison.OrdinalIgnoreCase)))
            .Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>libtorch takes the widest kernels that the processor has, unless a variable says otherwise.</summary>
    private static string Kernels() =>
        Environment.GetEnvironmentVariable("ATEN_CPU_CAPABILITY") is { Length: > 0 } named ? $"{named} (ATEN_CPU_CAPABILITY)"
        : Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported ? "AVX-512"
        : Avx2.IsSupported && Fma.IsSupported ? "AVX2"
        : RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "NEON" : "default";

    private static string BFloat16()
    {
        if (!X86Base.IsSupported) return "by software or the processor's own, as libtorch decides";
        var (highest, _, _, _) = X86Base.CpuId(0, 0);
        if (highest < 7) return "by software";
        var edx = X86Base.CpuId(7, 0).Edx;
        var eax = X86Base.CpuId(7, 1).Eax;
        return ((edx >> 22) & 1) == 1 ? "AMX" : ((eax >> 5) & 1) == 1 ? "AVX-512" : "by software";
    }

    private static string Devices()
    {
        var count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        return count == 0 ? "cpu" : "cpu, " + string.Join(", ", Enumerable.Range(0, count).Select(index => $"cuda:{index}"));
    }

    private static IEnumerable<EnvFactJson> Variables() =>
        from name in (string[])["INTERP_LIBTORCH", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "MKL_ENABLE_INSTRUCTIONS", "ONEDNN_MAX_CPU_ISA"]
        let value = Environment.GetEnvironmentVariable(name)
        where value is { Length: > 0 }
        select new EnvFactJson(name, value, Found);
}
