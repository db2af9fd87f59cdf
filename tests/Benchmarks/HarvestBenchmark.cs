using Interp.Models;
using Interp.Sae.Activations;
using Interp.Sae.Dictionaries;
using Interp.Sae.Training;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// What writing activations to disk costs beside the run of the model that stops at the hook; and the memory of a
/// training beside the buffer that it was given, with what it grows over many steps.
/// </summary>
internal static class HarvestBenchmark
{
    private const int Context = 128, Sequences = 32, Reads = 4;

    internal static void Run(int rounds)
    {
        Console.WriteLine($"harvest, {Sequences} sequences of {Context} tokens a run, {torch.get_num_threads()} threads");
        using (var generator = new Generator(0))
        {
            using var gpt2 = ModelInitializer.Create(ForwardBenchmark.Gpt2Small with { NLayers = 6 }, generator);
            Compare(gpt2, "blocks.4.hook_resid_post", Math.Min(rounds, 5));
        }

        using var stories = HookedTransformer.Load(Path.Combine(Root(), "models", "stories"));
        Compare(stories, "blocks.1.hook_resid_post", rounds);
        if (OperatingSystem.IsLinux()) MeasureMemory();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Interp.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    private static void Compare(HookedTransformer model, string hook, int rounds)
    {
        var source = Source(model, hook);
        var tokens = torch.randint(0, model.Config.DVocab, [Sequences, Context]);
        var folder = Directory.CreateTempSubdirectory("interp-harvest-").FullName;
        try
        {
            var shard = 0;
            Func<double>[] workloads =
            [
                () => Timing.Seconds(() => ActivationHarvest.Write(folder, source, ++shard, Reads)),
                () => Timing.Seconds(() =>
                {
                    for (var k = 0; k < Reads; k++) model.CacheOnly(tokens, [hook]).Dispose();
                }),
            ];
            foreach (var warmUp in workloads) warmUp();
            var times = Timing.Rounds(rounds, workloads);
            Console.WriteLine($"{model.Config.ModelName,-20} {hook}: {Timing.Median(times[0]) / Reads * 1e3:F1} ms a run "
                + $"harvested, {Timing.Median(times[1]) / Reads * 1e3:F1} ms stopped there; harvest / run "
                + $"{Timing.Ratio(times[0], times[1]):F3} (at most 1.10)");
        }
        finally
        {
            tokens.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ModelActivations Source(HookedTransformer model, string hook)
    {
        using var generator = new Generator(1);
        using var ids = torch.randint(0, model.Config.DVocab, [100 * Sequences * Context], generator: generator);
        return new ModelActivations(model, new TokenSequences(ids.ToArray<long>(), Context), [hook],
            new ModelActivationsOptions { Sequences = Sequences });
    }

    private static void MeasureMemory()
    {
        const int width = 512, batch = 1024, steps = 400;
        using var generator = new Generator(2);
        var source = new Mixtures(width, batch, generator);
        var folder = Directory.CreateTempSubdirectory("interp-buffer-").FullName;
        try
        {
            foreach (var rows in new[] { 16 * batch, 256 * batch })
            {
                var before = ResidentMemory.Now();
                using var training = SaeTraining.Start(Path.Combine(folder, rows.ToString()), new SaeTrainingOptions
                {
                    Dictionaries =
                    [
                        new DictionarySpec
                        {
                            Name = "sae",
                            Options = new TopKOptions { DIn = width, DSae = 2 * width },
                            Inputs = source.Hooks,
                        },
                    ],
                    Steps = 2 * steps,
                    Batch = batch,
                    BufferRows = rows,
                    CheckpointEvery = steps / 2,
                }, source);
                var peak = ResidentMemory.Peak(() => Steps(training, steps)) - before;
                var after = ResidentMemory.Now();
                Steps(training, steps);
                Console.WriteLine($"buffer of {training.BufferBytes / 1e6,6:F1} MB: training takes at most "
                    + $"{peak / 1e6,6:F1} MB, {(peak - training.BufferBytes) / 1e6:F1} beside it; over {steps} more steps "
                    + $"{(ResidentMemory.Now() - after) / 1e6:+0.0;-0.0} MB");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Steps(SaeTraining training, int count)
    {
        for (var k = 0; k < count; k++) training.TrainStep();
    }
}
