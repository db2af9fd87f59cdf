using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Models;

/// <summary>Memory of the whole process is measured, so nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryCollection;

[Collection(nameof(MemoryTests))]
public sealed class MemoryTests(ITestOutputHelper output)
{
    [Fact]
    public void Ten_thousand_cached_runs_leave_native_memory_flat_and_no_tensor_behind()
    {
        using var model = SampleModels.Create("gpt2");
        using var tokens = SampleModels.Tokens(model);
        // On values this small a second thread costs more than it brings.
        var threads = torch.get_num_threads();
        torch.set_num_threads(1);
        Run(model, tokens, 1000);
        var (memory, tensors) = (Settled(), Tensor.TotalCount);
        Run(model, tokens, 10_000);
        var growth = (Settled() - memory) / (double)memory;
        torch.set_num_threads(threads);
        output.WriteLine($"resident memory {memory >> 20} MiB, growth {growth:P2}, live tensors {tensors} before and {Tensor.TotalCount} after");
        Assert.True(growth < 0.02, $"resident memory grew by {growth:P2}");
        Assert.Equal(tensors, Tensor.TotalCount);
    }

    [Fact]
    public void A_run_that_asks_for_no_pattern_never_materializes_one()
    {
        const int length = 4096;
        using var generator = new Generator(0);
        using var model = ModelInitializer.Create(new HookedTransformerConfig
        {
            NLayers = 1,
            DModel = 32,
            NHeads = 8,
            DHead = 4,
            NCtx = length,
            DVocab = 10,
            AttnOnly = true,
            NormalizationType = NormalizationType.None,
        }, generator);
        using var tokens = torch.randint(0, 10, [1, length], generator: generator);
        const long pattern = 8L * length * length * sizeof(float);
        var plain = Peak(() => model.Forward(tokens).Dispose());
        var cached = Peak(() =>
        {
            var (logits, cache) = model.RunWithCache(tokens, "blocks.0.attn.hook_z");
            logits.Dispose();
            cache.Dispose();
        });
        var asked = Peak(() =>
        {
            var (logits, cache) = model.RunWithCache(tokens, "blocks.0.attn.hook_pattern");
            logits.Dispose();
            cache.Dispose();
        });
        output.WriteLine($"a pattern has {pattern >> 20} MiB; peaks: plain {plain >> 20}, z cached {cached >> 20}, pattern cached {asked >> 20} MiB");
        Assert.True(plain < pattern / 8, $"a plain run took {plain >> 20} MiB");
        Assert.True(cached < pattern / 8, $"a run that keeps z took {cached >> 20} MiB");
        Assert.True(asked >= pattern, "the measure misses a pattern that is there");
    }

    private static void Run(HookedTransformer model, Tensor tokens, int times)
    {
        for (var k = 0; k < times; k++)
        {
            var (logits, cache) = model.RunWithCache(tokens);
            logits.Dispose();
            cache.Dispose();
        }
    }

    /// <summary>Resident memory after garbage is collected.</summary>
    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Field("VmRSS");
    }

    /// <summary>How far resident memory rose above where it was before.</summary>
    private static long Peak(Action work)
    {
        var before = Settled();
        File.WriteAllText("/proc/self/clear_refs", "5"); // resets the peak
        work();
        return Field("VmHWM") - before;
    }

    private static long Field(string name) =>
        long.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith(name)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
}
