using System.Runtime.Intrinsics.X86;

namespace Interp.Checks;

/// <summary>Which instructions libtorch, its libraries and .NET's own vector code may use, and on how many threads.</summary>
internal sealed record KernelSetting(string Name, int Threads, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>
    /// What the oldest supported x64 processor would run: SSE4 everywhere, one thread. Other processors have no such
    /// choice but libtorch's: its plain kernels.
    /// </summary>
    public static KernelSetting Narrowest { get; } = Make("narrow", 1, "default", "SSE4_2", "SSE41", "EnableAVX");

    /// <summary>Every setting that this machine can run, from narrow to wide, with one thread and with two.</summary>
    public static IEnumerable<KernelSetting> OfThisMachine()
    {
        foreach (var threads in (int[])[1, 2])
        {
            yield return Narrowest.On(threads);
            if (Avx2.IsSupported) yield return Make("avx2", threads, "avx2", "AVX2", "AVX2", "EnableAVX512");
            if (Avx512BW.IsSupported) yield return Make("avx512", threads, "avx512", "AVX512", "AVX512_CORE_AMX", null);
            // Not x64: what libtorch chooses itself.
            if (!X86Base.IsSupported) yield return new KernelSetting("own", threads, new Dictionary<string, string>()).On(threads);
        }
    }

    private static KernelSetting Make(string name, int threads, string torch, string mkl, string oneDnn, string? forbidden)
    {
        var variables = new Dictionary<string, string>
        {
            ["ATEN_CPU_CAPABILITY"] = torch,
            ["MKL_ENABLE_INSTRUCTIONS"] = mkl,
            ["ONEDNN_MAX_CPU_ISA"] = oneDnn,
        };
        if (forbidden is not null) variables[$"DOTNET_{forbidden}"] = "0";
        return new KernelSetting(name, threads, variables).On(threads);
    }

    private KernelSetting On(int threads) => this with
    {
        Threads = threads,
        Variables = new Dictionary<string, string>(Variables)
        {
            ["OMP_NUM_THREADS"] = threads.ToString(),
            ["MKL_NUM_THREADS"] = threads.ToString(),
        },
    };
}
