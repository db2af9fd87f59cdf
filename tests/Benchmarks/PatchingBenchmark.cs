using System.Diagnostics;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// Exact sweeps at GPT-2-small shape with random weights, 15 tokens, beside one full run a site of the same model; all
/// tokens differ between the two prompts, so that nothing but the plan saves work.
/// </summary>
internal static class PatchingBenchmark
{
    private const int Positions = 15;

    internal static void Run(int rounds)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var generator = new Generator(0);
        var config = ForwardBenchmark.Gpt2Small;
        using var model = ModelInitializer.Create(config, generator);
        var (clean, corrupted) =
            (torch.randint(0, config.DVocab, [1, Positions], generator: generator),
                torch.randint(0, config.DVocab, [1, Positions], generator: generator));
        var metric = LogitMetric.Difference(1, 2);
        Console.WriteLine($"{config.ModelName}, {Positions} tokens, {torch.get_num_threads()} threads");
        Compare(model, clean, corrupted, metric, rounds, "resid_pre, 12 layers × 15 positions", p => p.ResidPre(), 12);
        Compare(model, clean, corrupted, metric, rounds, "head outputs, 12 × 12", p => p.HeadOutputAllPositions(), 8);
        Console.WriteLine($"peak memory of the process {Process.GetCurrentProcess().PeakWorkingSet64 / 1e9:F2} GB   (under 2)");
    }

    private static void Compare(HookedTransformer model, Tensor clean, Tensor corrupted, LogitMetric metric,
        int rounds, string name,
        Func<ActivationPatching, SweepResult> sweep, double wanted)
    {
        SweepResult Ours()
        {
            using var patching = new ActivationPatching(model, corrupted, PatchSource.Run(clean), metric);
            return sweep(patching);
        }
        var result = Ours();
        var source = model.CacheOnly(clean, [.. result.Sites.Select(site => site.Hook).Distinct()]);
        double[] Plain() => [.. result.Sites.Select(site => PlainRun(model, corrupted, source, metric, site))];
        var plainValues = Plain();
        var times =
            Timing.Rounds(Math.Min(rounds, 5), () => Timing.Seconds(() => Plain()), () => Timing.Seconds(() => Ours()));
        var scale = plainValues.Max(Math.Abs);
        var error = plainValues.Zip(result.Values, (a, b) => Math.Abs(a - b)).Max() / scale;
        var (plainRate, sweepRate) = (Rate(model, Positions), Rate(model, (int)result.Cost.MeanRows));
        var predicted = result.Cost.Saving * sweepRate / plainRate;
        Console.WriteLine(name);
        Console.WriteLine($"  one full run a site {Timing.Median(times[0]),8:F2} s, the sweep {Timing.Median(times[1]),8:F3} s");
        Console.WriteLine($"  measured {Timing.Ratio(times[0], times[1]),6:F1} times faster (at least {wanted}); largest relative difference {error:E1}");
        Console.WriteLine($"  predicted {predicted,5:F1}: {result.Cost.Saving:F1} times fewer operations ({result.Cost.SweepOperations / 1e9:F0} of " +
            $"{result.Cost.PlainOperations / 1e9:F0} GFLOP), {sweepRate / plainRate:F2} times the rate at {result.Cost.MeanRows:F0} rows a product " +
            $"({sweepRate:F0} against {plainRate:F0} GFLOP/s)");
    }

    private static double PlainRun(HookedTransformer model, Tensor tokens, ActivationCache source, LogitMetric metric,
        PatchSite site)
    {
        using var scope = torch.NewDisposeScope();
        var logits = model.RunWithHooks(tokens, (site.Hook, (value, hook) =>
        {
            var (to, from) = (value, source[hook.Name]);
            if (site.Position is { } position) (to, from) = (to.narrow(1, position, 1), from.narrow(1, position, 1));
            if (site.Head is { } head) (to, from) = (to.narrow(2, head, 1), from.narrow(2, head, 1));
            to.copy_(from);
            return value;
        }
        ));
        return metric.Of(logits).ToDouble();
    }

    /// <summary>GFLOP/s of the matrix products of a block at a number of rows.</summary>
    private static double Rate(HookedTransformer model, int rows)
    {
        using var scope = torch.NewDisposeScope();
        var inputs = new Dictionary<long, Tensor>
        {
            [model.Config.DModel] = torch.randn([rows, model.Config.DModel]),
            [model.Config.DMlp] = torch.randn([rows, model.Config.DMlp]),
        };
        void Products()
        {
            foreach (var block in model.Weights.Blocks)
                foreach (var linear in (LinearWeights[])[block.Qkv, block.Out, block.Mlp!.In, block.Mlp.Out])
                    inputs[linear.Weight.size(0)].mm(linear.Weight).Dispose();
        }
        Products();
        var seconds = Enumerable.Range(0, 5).Min(_ => Timing.Seconds(Products));
        double d = model.Config.DModel;
        return 2 * rows * model.Config.NLayers * (4 * d * d + 2 * d * model.Config.DMlp) / seconds / 1e9;
    }
}
