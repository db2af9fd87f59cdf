using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// The forward pass at GPT-2-small shape with random weights, batch 4 × 128, beside the same model written plainly in
/// Python on the same libtorch; the cost of caching; the share of the machine's matrix-product rate.
/// </summary>
internal static class ForwardBenchmark
{
    private const int Batch = 4;
    private const int Positions = 128;

    internal static readonly HookedTransformerConfig Gpt2Small = new()
    {
        ModelName = "GPT-2-small shape",
        NLayers = 12,
        DModel = 768,
        NHeads = 12,
        DHead = 64,
        NCtx = 1024,
        DVocab = 50257,
        DMlp = 3072,
        ActFn = "gelu_new",
        InitializerRange = 0.02,
    };

    internal static void Run(int rounds)
    {
        using var generator = new Generator(0);
        using var model = ModelInitializer.Create(Gpt2Small, generator);
        using var tokens = torch.randint(0, Gpt2Small.DVocab, [Batch, Positions], generator: generator);
        using var python = PythonPeer.Start("plain_gpt2.py", Batch, Positions, torch.get_num_threads());
        using var side = torch.randn([2048, 2048], generator: generator);
        var inputs = new[] { Gpt2Small.DModel, Gpt2Small.DMlp }.ToDictionary(width => (long)width, width => torch.randn([Batch * Positions, width], generator: generator));

        Console.WriteLine($"{Gpt2Small.ModelName}, batch {Batch} × {Positions}, {torch.get_num_threads()} threads, libtorch {Libtorch.Version}, " +
            (python is null ? "no Python with PyTorch found" : $"Python's torch {python.Version}"));
        Func<double>[] workloads =
        [
            () => Timing.Seconds(() => model.Forward(tokens).Dispose()),
            () => Timing.Seconds(() => Release(model.RunWithCache(tokens))),
            () => Timing.Seconds(() => Release(model.RunWithCache(tokens, "blocks.*.hook_resid_post"))),
            () => Timing.Seconds(() => side.mm(side).Dispose()),
            () => python?.Ask("forward 1") ?? double.NaN,
            () => Timing.Seconds(() => ProductsAlone(model, inputs)),
        ];
        foreach (var warmUp in workloads) warmUp();
        var times = Timing.Rounds(rounds, workloads);
        Report(times, 2.0 * 2048 * 2048 * 2048);
    }

    private static void Report(double[][] times, double productWork)
    {
        var (plain, everything, residuals, product, python, products) = (times[0], times[1], times[2], times[3], times[4], times[5]);
        var rate = productWork / product.Min() / 1e9;
        var achieved = Work() / plain.Min() / 1e9;
        Console.WriteLine($"forward                        {Timing.Median(plain) * 1e3,8:F1} ms");
        Console.WriteLine($"forward / Python               {Timing.Ratio(plain, python),8:F3}   (at most 1)");
        Console.WriteLine($"cache of everything / forward  {Timing.Ratio(everything, plain),8:F3}   (at most 1.10)");
        Console.WriteLine($"cache of resid_post / forward  {Timing.Ratio(residuals, plain),8:F3}   (at most 1.03)");
        Console.WriteLine($"matrix products, 2048³         {rate,8:F1} GFLOP/s");
        Console.WriteLine($"forward                        {achieved,8:F1} GFLOP/s, {achieved / rate:F3} of the rate of matrix products (aim 0.9)");
        Console.WriteLine($"its matrix products alone      {Timing.Ratio(products, plain),8:F3}   of the forward pass: what the BLAS takes at these shapes");
    }

    /// <summary>The matrix products of a pass and nothing else: how fast the BLAS is at these shapes.</summary>
    private static void ProductsAlone(HookedTransformer model, Dictionary<long, Tensor> inputs)
    {
        foreach (var block in model.Weights.Blocks)
            foreach (var linear in (LinearWeights[])[block.Qkv, block.Out, block.Mlp!.In, block.Mlp.Out])
                inputs[linear.Weight.size(0)].mm(linear.Weight).Dispose();
        inputs[model.Config.DModel].mm(model.Weights.Unembed.Weight).Dispose();
    }

    /// <summary>Floating-point operations of the matrix products of one pass; of attention the causal half.</summary>
    private static double Work()
    {
        var c = Gpt2Small;
        double tokens = Batch * Positions, d = c.DModel;
        var weights = c.NLayers * (4 * d * d + 2 * d * c.DMlp) + d * c.DVocab;
        var attention = c.NLayers * Batch * 2.0 * d * Positions * (Positions + 1) / 2;
        return 2 * (tokens * weights + attention);
    }

    private static void Release((Tensor Logits, Hooks.ActivationCache Cache) run)
    {
        run.Logits.Dispose();
        run.Cache.Dispose();
    }
}
