using Interp.Studies.ModularAddition;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// A training step of the grokking experiment at the published size (p = 113, 3,830 pairs), beside the same step written
/// plainly in Python on the same libtorch; and whether memory stays flat over many steps.
/// </summary>
internal static class ModaddBenchmark
{
    private const int StepsARound = 3;
    private const int LongRun = 10_000;

    /// <summary>Before memory is read: until then the first collection, after about 1,400 steps, is still to come.</summary>
    private const int Settling = 2_000;

    internal static void Run(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("interp-modadd-").FullName;
        try
        {
            using var training = ModularAdditionTraining.Start(Path.Combine(folder, "run"), ModularAdditionOptions.Paper);
            using var python = PythonPeer.Start("plain_modadd.py", ModularAdditionOptions.Paper.Modulus, torch.get_num_threads());
            Console.WriteLine($"modular addition, p = 113, {torch.get_num_threads()} threads, libtorch {Libtorch.Version}, " +
                (python is null ? "no Python with PyTorch found" : $"Python's torch {python.Version}"));
            Func<double>[] workloads =
            [
                () => Timing.Seconds(() => Steps(training, StepsARound)) / StepsARound,
                () => python?.Ask($"step {StepsARound}") / StepsARound ?? double.NaN,
            ];
            foreach (var warmUp in workloads) warmUp();
            var times = Timing.Rounds(rounds, workloads);
            Console.WriteLine($"step                           {Timing.Median(times[0]) * 1e3,8:F1} ms");
            Console.WriteLine($"Python's step                  {Timing.Median(times[1]) * 1e3,8:F1} ms");
            Console.WriteLine($"Python / step                  {Timing.Ratio(times[1], times[0]),8:F2}   (at least 5)");
            Console.WriteLine($"40,000 epochs                  {40_000 * Timing.Median(times[0]) / 60,8:F1} min (at most 25)");
            if (rounds >= 10) MeasureMemory(training);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void MeasureMemory(ModularAdditionTraining training)
    {
        Steps(training, Settling);
        var before = Environment.WorkingSet;
        Steps(training, LongRun);
        var grown = (Environment.WorkingSet - before) / 1024.0 / 1024;
        Console.WriteLine($"memory after {LongRun:N0} steps        {grown,+8:F1} MiB more (of {before / 1024 / 1024} MiB; flat is below 10)");
    }

    private static void Steps(ModularAdditionTraining training, int count)
    {
        for (var k = 0; k < count; k++) training.TrainStep();
    }
}
