using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Hooks;

public sealed class LazyCacheTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<string> Models => SampleModels.Names;

    [Theory, MemberData(nameof(Models))]
    public void Everything_recomputed_is_what_a_full_cache_holds(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model);
        string[] all = [.. model.Hooks.Points.Select(p => p.Name)];
        var (logits, full) = model.RunWithCache(tokens, all);
        var (same, lazy) = model.RunWithLazyCache(tokens);
        Near("logits", logits, same);
        foreach (var point in all) Near(point, full[point], lazy[point]);
        Assert.Equal(model.Hooks.Points.Where(p => !p.IsOnDemand).Select(p => p.Name), lazy.Keys);
        Assert.True(lazy.Bytes < full.Bytes / 3, $"{lazy.Bytes} of {full.Bytes}");
    }

    [Theory, InlineData("gpt2"), InlineData("llama"), InlineData("shortformer"), InlineData("bidirectional")]
    public void Masks_of_the_run_hold_when_a_block_is_recomputed(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model);
        var padding = torch.ones([2, 7], ScalarType.Int64);
        padding.fill_(0, 0, ..3);
        var mask = torch.eye(7).ne(1) | torch.arange(7).eq(0); // nobody sees itself
        var options = new ForwardOptions { PaddingMask = padding, AttentionMask = mask };
        var (_, full) = model.RunWithCache(tokens, [], [], options);
        var (_, lazy) = model.RunWithLazyCache(tokens, options);
        padding.Dispose();
        mask.Dispose();
        foreach (var point in full.Keys) Near(point, full[point], lazy[point]);
    }

    [Fact]
    public void A_block_is_run_once_for_all_that_is_asked_of_it()
    {
        using var model = SampleModels.Create("gpt2");
        var (_, full) = model.RunWithCache(SampleModels.Tokens(model));
        var (_, lazy) = model.RunWithLazyCache(SampleModels.Tokens(model));
        var block = lazy.Recompute("blocks.1.*", "ln_final.hook_scale");
        Assert.Equal(full.Keys.Where(k => k.StartsWith("blocks.1.") || k == "ln_final.hook_scale"), block.Keys);
        foreach (var name in block.Keys) Near(name, full[name], block[name]);
        Assert.Throws<InvalidOperationException>(() => block.Recompute("resid_pre0"));
    }

    [Fact]
    public void What_is_read_belongs_to_the_reader_and_the_checkpoints_to_the_cache()
    {
        using var model = SampleModels.Create("gpt2");
        var (_, lazy) = model.RunWithLazyCache(SampleModels.Tokens(model));
        Tensor pattern, stream;
        using (torch.NewDisposeScope())
        {
            pattern = lazy["pattern", 1];
            stream = lazy["resid_pre", 1];
        }
        Assert.True(pattern.IsInvalid);
        Assert.False(stream.IsInvalid);
        Assert.True(lazy.IsLazy && lazy.Holds("resid_pre1") && !lazy.Holds("pattern1") && lazy.ContainsKey("pattern1"));
    }

    [Fact]
    public void Without_its_batch_dimension_a_lazy_cache_recomputes_one_sequence()
    {
        using var model = SampleModels.Create("llama");
        var tokens = SampleModels.Tokens(model, batch: 1);
        var (_, full) = model.RunWithCache(tokens);
        var (_, lazy) = model.RunWithLazyCache(tokens);
        full.RemoveBatchDim();
        lazy.RemoveBatchDim();
        foreach (var name in full.Keys) Near(name, full[name], lazy[name]);
    }

    [Fact]
    public void A_run_that_stops_early_recomputes_what_it_reached_and_nothing_else()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model);
        var (_, full) = model.RunWithCache(tokens);
        var (_, lazy) = model.RunWithLazyCache(tokens, new ForwardOptions { StopAtLayer = 1 });
        Near("z", full["z", 0], lazy["z", 0]);
        Near("resid_post", full["resid_post", 0], lazy["resid_post", 0]);
        Assert.False(lazy.ContainsKey("z1"));
        Assert.Contains("'blocks.1.attn.hook_z' was not cached",
            Assert.Throws<HookException>(() => lazy["z", 1]).Message);
        Assert.Contains("stopped before it", Assert.Throws<HookException>(() => lazy.Recompute("z1")).Message);
    }

    [Fact]
    public void What_cannot_be_recomputed_is_refused_before_the_run()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model);
        using var past = new KeyValueCache(model, 2);
        Assert.Throws<ArgumentException>(() =>
            model.RunWithLazyCache(tokens, new ForwardOptions { KeyValueCache = past }));
        Assert.Throws<ArgumentException>(() => model.RunWithLazyCache(tokens, new ForwardOptions { StartAtLayer = 1 }));
        using (model.AddHook("z0", (z, _) => null))
            Assert.Contains("1 hooks are attached",
                Assert.Throws<InvalidOperationException>(() => model.RunWithLazyCache(tokens)).Message);
        var (_, lazy) = model.RunWithLazyCache(tokens);
        Assert.Contains("Recompute", Assert.Throws<InvalidOperationException>(() => lazy.Save("x")).Message);
        Assert.Contains("Recompute",
            Assert.Throws<InvalidOperationException>(() => lazy.ApplySliceToBatchDim(0)).Message);
    }

    private static void Near(string name, Tensor expected, Tensor actual) =>
        Assert.InRange(Difference.Largest(name, expected, actual), 0, 1e-5 * (1 + expected.abs().max().ToDouble()));
}
