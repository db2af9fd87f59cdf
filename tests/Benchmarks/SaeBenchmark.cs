using System.Diagnostics;
using System.Runtime.InteropServices;
using Interp.Models;
using Interp.Sae.Activations;
using Interp.Sae.Dictionaries;
using Interp.Sae.Training;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// A step of training a dictionary, d_in 768, 6,144 features, batch 4,096, beside the same step written plainly in Python
/// on the same libtorch: at the start, where half of the features of an L1 dictionary are on, and some steps later, where few are.
/// </summary>
internal static class SaeBenchmark
{
    private const int DIn = 768, DSae = 6144, Batch = 4096, K = 32, Later = 60;
    private const double L1 = 5;

    internal static void Run(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("interp-sae-").FullName;
        try
        {
            using var generator = new Generator(0);
            var source = new Mixtures(DIn, Batch, generator);
            var file = Path.Combine(folder, "batch.f32");
            using (var batch = source.Read(0)[0]) File.WriteAllBytes(file, MemoryMarshal.AsBytes<float>(batch.ToArray<float>()).ToArray());
            using var python = PythonPeer.Start("plain_sae.py", DIn, DSae, Batch, K, L1, file, torch.get_num_threads());
            Console.WriteLine($"sparse dictionaries, d_in {DIn}, {DSae} features, batch {Batch}, "
                + $"{torch.get_num_threads()} threads, libtorch {Libtorch.Version}, "
                + (python is null ? "no Python with PyTorch found" : $"Python's torch {python.Version}"));
            var options = new StandardOptions { DIn = DIn, DSae = DSae, L1Coefficient = L1 };
            using (var l1 = Start(folder, "l1", options, source)) Compare("L1, at the start", l1, python, "l1", rounds, "(at least 1.5)");
            using (var l1 = Start(folder, "l1-first", options, source))
            {
                First(l1, python);
                Compare($"L1, L0 {l1.LastMetrics[0].L0:F0} of {DSae}", l1, python, "l1", rounds, "(at least 1.5)");
            }

            var topK = new TopKOptions { DIn = DIn, DSae = DSae, K = K, RescaleByDecoderNorm = false };
            using (var training = Start(folder, "topk", topK, source))
                Compare($"TopK, k = {K}", training, python, "topk", rounds, "(at least 4)");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static SaeTraining Start(string folder, string name, DictionaryOptions options, IActivationSource source) =>
        SaeTraining.Start(Path.Combine(folder, name), new SaeTrainingOptions
        {
            Dictionaries = [new DictionarySpec { Name = name, Options = options, Inputs = source.Hooks }],
            Steps = 1_000_000,
            Batch = Batch,
            BufferRows = 2 * Batch,
            ScaleActivations = false,
            LearningRate = 1e-3,
            MeasureEvery = 10,
            CheckpointEvery = 1_000_000,
        }, source);

    /// <summary>
    /// The first steps of a training, in which features go off. A plain step costs the same however many are on, so a few
    /// of Python's between ours stand for all.
    /// </summary>
    private static void First(SaeTraining training, PythonPeer? python)
    {
        var (ours, theirs) = (0.0, new List<double>());
        while (training.Step < Later)
        {
            if (training.Step % 10 == 0 && python is not null) theirs.Add(python.Ask("l1 1"));
            ours += Timing.Seconds(() => training.TrainStep());
        }

        var (step, plain) = (ours / Later, theirs.DefaultIfEmpty(double.NaN).Average());
        Console.WriteLine($"{$"L1, first {Later} steps",-24} step {step * 1e3,7:F1} ms   Python's {plain * 1e3,7:F1} ms   "
            + $"Python / step {plain / step,5:F2} (means)");
    }

    private static void Compare(string name, SaeTraining training, PythonPeer? python, string kind, int rounds,
        string claim)
    {
        double Processor() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
        double PythonProcessor() => python?.Ask("cpu") ?? double.NaN;
        var (ours, theirs) = (new List<double>(), new List<double>());
        Func<double>[] workloads =
        [
            () => Noting(ours, Processor, () => Timing.Seconds(() => training.TrainStep())),
            () => Noting(theirs, PythonProcessor, () => python?.Ask($"{kind} 1") ?? double.NaN),
        ];
        foreach (var warmUp in workloads) warmUp();
        var times = Timing.Rounds(rounds, workloads);
        Console.WriteLine($"{name,-24} step {Timing.Median(times[0]) * 1e3,7:F1} ms   Python's "
            + $"{Timing.Median(times[1]) * 1e3,7:F1} ms   Python / step {Timing.Ratio(times[1], times[0]),5:F2} {claim}"
            + $"   by processor time {Timing.Median([.. theirs]) / Timing.Median([.. ours]),5:F2}");
    }

    /// <summary>Runs something, and keeps by how much a clock went on meanwhile.</summary>
    private static double Noting(List<double> spans, Func<double> clock, Func<double> work)
    {
        var before = clock();
        var result = work();
        spans.Add(clock() - before);
        return result;
    }
}
