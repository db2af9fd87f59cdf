using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// What hook points cost when nobody asks for them: passing a value through 210 of them, as many as GPT-2 small has,
/// beside a forward pass of the smallest models; both in turns in one run. First in a run without any hook, then in one
/// that keeps another point.
/// </summary>
internal static class HooksBenchmark
{
    private const int Points = 210;
    private const int Passes = 50;

    private static readonly HookedTransformerConfig ModularAddition = new()
    {
        ModelName = "modular addition, 1 layer",
        NLayers = 1,
        DModel = 128,
        NHeads = 4,
        DHead = 32,
        NCtx = 3,
        DVocab = 114,
        DMlp = 512,
        ActFn = "relu",
        NormalizationType = NormalizationType.None,
        InitializerRange = 0.05,
    };

    private static readonly HookedTransformerConfig Tiny = ModularAddition with
    {
        ModelName = "attention only, 1 layer of width 16",
        DModel = 16,
        NHeads = 1,
        DHead = 16,
        AttnOnly = true,
        DMlp = 0,
        ActFn = null,
    };

    internal static void Run(int rounds)
    {
        Console.WriteLine($"{Points} idle hook points beside a forward pass of one short text, " +
            $"{torch.get_num_threads()} threads");
        foreach (var config in (HookedTransformerConfig[])[ModularAddition, Tiny]) Compare(config,
            Math.Max(rounds, 100));
    }

    private static void Compare(HookedTransformerConfig config, int rounds)
    {
        using var generator = new Generator(0);
        using var model = ModelInitializer.Create(config, generator);
        using var tokens = torch.randint(0, config.DVocab, [1, 3], generator: generator);
        using var value = torch.zeros([1, 3, config.DModel]);
        var registry = new HookRegistry();
        var points = Enumerable.Range(0, Points + 1).Select(k => registry.Add($"idle.{k}", ["pos"], 0)).ToArray();
        var other = RunPlan.Create(registry, [], [points[Points].Name]);

        double Forward() => Timing.Seconds(() =>
        {
            for (var k = 0; k < Passes; k++) model.Forward(tokens).Dispose();
        });
        double Idle(RunPlan? plan) => Timing.Seconds(() =>
        {
            for (var k = 0; k < Passes; k++) Pass(new HookRun(plan, 1), points, value);
        });
        for (var warmUp = 0; warmUp < 20; warmUp++) _ = (Forward(), Idle(null), Idle(other));
        var times = Timing.Rounds(rounds, Forward, () => Idle(null), () => Idle(other));
        Console.WriteLine($"{config.ModelName}: forward {Timing.Median(times[0]) / Passes * 1e6:F1} µs, of its own " +
            $"{model.Hooks.Points.Count} points");
        Report("in a run without hooks", times[1], times[0]);
        Report("in a run that keeps another point", times[2], times[0]);
    }

    /// <summary>What a point costs a component: the question whether somebody wants it, and the firing.</summary>
    private static void Pass(HookRun run, HookPoint[] points, Tensor value)
    {
        for (var k = 0; k < Points; k++)
            if (!run.Wants(points[k])) value = run.Fire(points[k], value);
    }

    private static void Report(string kind, double[] idle, double[] forward) =>
        Console.WriteLine($"  {kind,-36} {Timing.Median(idle) / Passes * 1e9,6:F0} ns = " +
            $"{Timing.Ratio(idle, forward),7:P3} of the forward pass   (at most 1 %)");
}
