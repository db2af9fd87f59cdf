using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// From nothing to logits: the command line is started on weights of GPT-2 small's shape, in one file, in shards and in
/// 16 bits, and on a Llama's, whose queries, keys and values have to be copied together. The files are in the machine's
/// page cache, the process starts from nothing. Beside it the same program without a model: what .NET and libtorch with
/// its libraries take by themselves.
/// </summary>
internal static class LoadBenchmark
{
    internal static void Run(int rounds)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("load: skipped, peak memory is read from Linux's /proc");
            return;
        }
        var bare = Measure(rounds, "--version");
        // The limits are those of float32: 16 bits become 32, so that the weights alone are twice their file.
        (string Kind, Func<ModelFolder> Make, double? Limit)[] kinds =
        [
            ("GPT-2-small shape, one file", () => ModelFolder.Gpt2(), 1.25),
            ("GPT-2-small shape, 3 shards", () => ModelFolder.Gpt2(shards: 3), 1.25),
            ("GPT-2-small shape, bfloat16", () => ModelFolder.Gpt2(dtype: ScalarType.BFloat16), null),
            ("Llama shape, fused q, k, v", () => ModelFolder.Llama(), null),
        ];
        foreach (var (kind, make, limit) in kinds)
        {
            using var folder = make();
            Report(kind, folder.Bytes, Measure(rounds, "run", folder.Path, "--ids", "1,2,3", "--json"), bare, limit);
        }
    }

    private static MeasuredProcess[] Measure(int rounds, params string[] arguments)
    {
        MeasuredProcess.Run("dotnet", [CommandLine(), .. arguments]);
        return [.. Enumerable.Range(0, rounds).Select(_ => MeasuredProcess.Run("dotnet", [CommandLine(), .. arguments]))];
    }

    private static void Report(string kind, long bytes, MeasuredProcess[] runs, MeasuredProcess[] bare, double? limit)
    {
        double Middle(MeasuredProcess[] all, Func<MeasuredProcess, double> value) => Timing.Median([.. all.Select(value)]);
        var (seconds, fastest) = (Middle(runs, r => r.Seconds), runs.Min(r => r.Seconds));
        var (peak, barePeak) = (runs.Max(r => r.PeakBytes), bare.Max(r => r.PeakBytes));
        var (own, bareOwn) = (runs.Max(r => r.AnonymousBytes), bare.Max(r => r.AnonymousBytes));
        Console.WriteLine($"{kind}, {bytes >> 20} MiB; without a model in brackets");
        Console.WriteLine($"  start to first logits  {seconds,8:F2} s, fastest {fastest:F2} s  [{Middle(bare, r => r.Seconds):F2} s]   (at most 1.5)");
        Console.WriteLine($"  processor time         {Middle(runs, r => r.ProcessorSeconds),8:F2} s  [{Middle(bare, r => r.ProcessorSeconds):F2} s]");
        Console.WriteLine(
            $"  peak memory            {peak >> 20,8} MiB = {(double)peak / bytes:F3} of the file  [{barePeak >> 20} MiB]" +
            (limit is null ? "" : $"   (at most {limit})"));
        Console.WriteLine($"  of it not from files   {own >> 20,8} MiB = {(double)own / bytes:F3} of the file  [{bareOwn >> 20} MiB]");
        Console.WriteLine($"  the model's own part   {(double)(peak - barePeak) / bytes,8:F3} of the file");
    }

    /// <summary>The command-line tool, built with the benchmarks in the same configuration.</summary>
    private static string CommandLine()
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)); // …/bin/Release/net10.0
        var (framework, configuration) = (output.Name, output.Parent!.Name);
        var root = output.Parent.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "src", "Interp.Cli", "bin", configuration, framework, "Interp.Cli.dll");
    }
}
