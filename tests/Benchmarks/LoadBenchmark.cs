namespace Interp.Benchmarks;

/// <summary>
/// From nothing to logits: the command line is started on weights of GPT-2 small's shape, in one file and in shards. The
/// files are in the machine's page cache, the process starts from nothing. Beside it the same program without a model:
/// what .NET and libtorch with its libraries take by themselves.
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
        foreach (var shards in (int[])[1, 3])
        {
            using var folder = new Gpt2Folder(shards);
            var runs = Measure(rounds, "run", folder.Path, "--ids", "1,2,3", "--json");
            Report(shards == 1 ? "one file" : $"{shards} shards", folder.Bytes, runs, bare);
        }
    }

    private static MeasuredProcess[] Measure(int rounds, params string[] arguments)
    {
        MeasuredProcess.Run("dotnet", [CommandLine(), .. arguments]);
        return [.. Enumerable.Range(0, rounds).Select(_ => MeasuredProcess.Run("dotnet", [CommandLine(), .. arguments]))];
    }

    private static void Report(string kind, long bytes, MeasuredProcess[] runs, MeasuredProcess[] bare)
    {
        double Middle(MeasuredProcess[] all, Func<MeasuredProcess, double> value) => Timing.Median([.. all.Select(value)]);
        var (seconds, fastest) = (Middle(runs, r => r.Seconds), runs.Min(r => r.Seconds));
        var (peak, barePeak) = (runs.Max(r => r.PeakBytes), bare.Max(r => r.PeakBytes));
        Console.WriteLine($"GPT-2-small shape, {kind}, {bytes >> 20} MiB; without a model in brackets");
        Console.WriteLine($"  start to first logits  {seconds,8:F2} s, fastest {fastest:F2} s  [{Middle(bare, r => r.Seconds):F2} s]   (at most 1.5)");
        Console.WriteLine($"  processor time         {Middle(runs, r => r.ProcessorSeconds),8:F2} s  [{Middle(bare, r => r.ProcessorSeconds):F2} s]");
        Console.WriteLine(
            $"  peak memory            {peak >> 20,8} MiB = {(double)peak / bytes:F3} of the file  [{barePeak >> 20} MiB]   (at most 1.25)");
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
