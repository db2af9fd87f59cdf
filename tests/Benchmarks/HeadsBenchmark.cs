using Interp.Circuits.Cache;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// What every head writes, at GPT-2-small shape and 1,024 tokens: the memory above the model, run and cache included,
/// and the time. Beside it what the field's way takes, which forms z · W_O [batch, pos, head, d_head, d_model] and sums
/// it.
/// </summary>
internal static class HeadsBenchmark
{
    private const int Positions = 1024;

    internal static void Run(int rounds)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("heads: skipped, peak memory is read from Linux's /proc");
            return;
        }
        using var generator = new Generator(0);
        using var model = ModelInitializer.Create(ForwardBenchmark.Gpt2Small, generator);
        using var tokens = torch.randint(0, model.Config.DVocab, [1, Positions], generator: generator);
        var (heads, dHead, dModel) = (model.Config.NHeads, model.Config.DHead, model.Config.DModel);
        var classic = 4L * Positions * heads * dHead * dModel;
        Console.WriteLine($"{model.Config.ModelName}, {Positions} tokens; one layer's products of the field's way: " +
            $"{classic / 1e9:F2} GB");
        // A short text first: the libraries' code and buffers are not what is measured.
        using (var few = tokens.narrow(1, 0, 8)) OneStack(model, few);
        // Freed memory stays with the process, so what each takes is counted from before the first.
        var before = ResidentMemory.Now();
        Measure("logit attributions of all heads and positions", model, tokens, rounds, before, "at most 0.5",
            Attributions);
        Measure("results of all heads, a layer at a time", model, tokens, rounds, before, "at most 0.5", LayerByLayer);
        var stack = 4L * model.Config.NLayers * heads * Positions * dModel;
        Measure("results of all heads in one stack", model, tokens, rounds, before,
            $"the stack itself is {stack / 1e9:F3}", OneStack);
    }

    private static void Measure(string name, HookedTransformer model, Tensor tokens, int rounds, long before,
        string claim, Action<HookedTransformer, Tensor> work)
    {
        var rise = ResidentMemory.Peak(() => work(model, tokens)) - before;
        var seconds = Enumerable.Range(0, Math.Min(rounds, 5)).Select(_ => Timing.Seconds(() => work(model, tokens)))
            .ToArray();
        Console.WriteLine($"{name,-48} {rise / 1e9,6:F3} GB   ({claim})   {Timing.Median(seconds),6:F2} s with the " +
            "run");
    }

    private static void Attributions(HookedTransformer model, Tensor tokens)
    {
        using var scope = torch.NewDisposeScope();
        Cached(model, tokens).HeadLogitAttrs(11, 22);
    }

    private static void LayerByLayer(HookedTransformer model, Tensor tokens)
    {
        using var scope = torch.NewDisposeScope();
        var cache = Cached(model, tokens);
        for (var layer = 0; layer < model.Config.NLayers; layer++) cache.HeadResults(layer).Dispose();
    }

    private static void OneStack(HookedTransformer model, Tensor tokens)
    {
        using var scope = torch.NewDisposeScope();
        Cached(model, tokens).StackHeadResults(applyLn: true);
    }

    private static ActivationCache Cached(HookedTransformer model, Tensor tokens) =>
        model.CacheOnly(tokens, ["blocks.*.attn.hook_z", "ln_final.hook_scale"]);
}
