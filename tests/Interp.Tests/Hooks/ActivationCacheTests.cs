using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using Interp.Tests.Models;
using Interp.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Hooks;

public sealed class ActivationCacheTests(ITestOutputHelper output) : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly string folder = Directory.CreateTempSubdirectory("interp-cache").FullName;

    public static TheoryData<string> Models => SampleModels.Names;

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void An_activation_is_found_under_every_classic_form_of_its_name()
    {
        var (_, cache) = Run("gpt2");
        var pattern = cache["blocks.1.attn.hook_pattern"];
        foreach (var same in (Tensor[])[cache["pattern", 1], cache["pattern", 1, "attn"], cache["attn", 1],
            cache["pattern", -1], cache["pattern1"]])
            Assert.Same(pattern, same);
        Assert.Same(cache["blocks.0.attn.hook_q"], cache["q", 0, "attn"]);
        Assert.Same(cache["blocks.1.ln2.hook_scale"], cache["scale", 1, "ln2"]);
        Assert.Same(cache["ln_final.hook_scale"], cache["scale"]);
        Assert.Same(cache["hook_embed"], cache["embed"]);
        Assert.True(cache.ContainsKey("resid_post0") && cache.TryGetValue("k1", out _)
            && !cache.ContainsKey("blocks.2.hook_resid_pre"));
        Assert.Equal(cache.Keys.Count(), cache.Values.Distinct().Count());
    }

    [Fact]
    public void The_batch_dimension_is_removed_where_there_is_one()
    {
        using var model = SampleModels.Create("mixtral");
        var tokens = SampleModels.Tokens(model, batch: 1);
        var (_, cache) = model.RunWithCache(tokens);
        var router = cache["blocks.0.mlp.hook_expert_weights"].shape;
        var pattern = cache["pattern", 0].squeeze(0).clone();
        cache.RemoveBatchDim();
        Assert.False(cache.HasBatchDim);
        Assert.True(cache["pattern", 0].Equals(pattern));
        Assert.Equal(router, cache["blocks.0.mlp.hook_expert_weights"].shape);
        Assert.Throws<InvalidOperationException>(() => cache.ApplySliceToBatchDim(0));
        var (_, two) = model.RunWithCache(SampleModels.Tokens(model));
        Assert.Contains("ApplySliceToBatchDim", Assert.Throws<InvalidOperationException>(two.RemoveBatchDim).Message);
        Assert.Contains("one list",
            Assert.Throws<InvalidOperationException>(() => two.ApplySliceToBatchDim(0)).Message);
    }

    [Fact]
    public void A_slice_of_the_batch_is_a_cache_of_these_sequences()
    {
        var (_, cache) = Run("gpt2");
        var one = cache.ApplySliceToBatchDim(-1);
        var both = cache.ApplySliceToBatchDim(new[] { 1, 0 });
        Assert.True(both.HasBatchDim && !one.HasBatchDim);
        Assert.Equal(cache.Keys, one.Keys);
        foreach (var name in cache.Keys)
        {
            Assert.True(one[name].Equals(cache[name][1]), name);
            Assert.True(both[name][1].Equals(cache[name][0]), name);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16, 6e-4)]
    [InlineData(ScalarType.BFloat16, 5e-3)]
    public void An_offloaded_cache_takes_half_the_bytes_and_states_what_was_lost(ScalarType dtype, double most)
    {
        var (_, cache) = Run("gpt2");
        var exact = cache.ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        var before = cache.Bytes;
        var report = cache.Offload(dtype);
        Assert.Equal((before, cache.Bytes), (report.BytesBefore, report.BytesAfter));
        // Points that showed one memory have memory of their own now.
        Assert.InRange(report.BytesAfter, before * 0.5, before * 0.6);
        foreach (var loss in report.Losses)
        {
            var read = cache[loss.Name];
            Assert.Equal(ScalarType.Float32, read.dtype);
            Assert.Equal(loss.Absolute, Difference.Largest(loss.Name, exact[loss.Name], read), 6);
        }
        Assert.Equal(cache.Count, report.Losses.Count);
        output.WriteLine($"worst: {report.Worst}");
        Assert.InRange(report.Worst!.Relative, 1e-6, most);
        // Hidden scores are still −∞.
        Assert.True(cache["attn_scores", 0].eq(double.NegativeInfinity)
            .Equals(exact["blocks.0.attn.hook_attn_scores"].eq(double.NegativeInfinity)));
    }

    [Fact]
    public void A_value_beyond_half_precision_is_an_error_and_changes_nothing()
    {
        using var model = SampleModels.Create("gpt2");
        var (_, cache) = model.RunWithCache(SampleModels.Tokens(model), ["resid_post0", "resid_post1"],
            [("blocks.1.hook_resid_post", (x, _) => x.fill_(70000, 0, 0, 0))], ForwardOptions.Default);
        var bytes = cache.Bytes;
        var error = Assert.Throws<InvalidOperationException>(() => cache.Offload());
        Assert.Contains("'blocks.1.hook_resid_post' holds 70000", error.Message);
        Assert.Equal(bytes, cache.Bytes);
        cache.Offload(ScalarType.BFloat16);
        Assert.Throws<ArgumentException>(() => cache.Offload(ScalarType.Int32));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_saved_cache_is_read_back_as_it_was(bool offloaded)
    {
        var (model, cache) = Run("gpt2");
        if (offloaded) cache.Offload();
        var file = Path.Combine(folder, "cache.safetensors");
        cache.Save(file);
        var read = ActivationCache.Load(file, model);
        Assert.Equal(cache.Keys, read.Keys);
        foreach (var name in cache.Keys)
        {
            Assert.True(cache[name].Equals(read[name]), name);
            Assert.Equal(cache[name].dtype, read[name].dtype);
        }
        var alone = ActivationCache.Load(file);
        Assert.Equal(cache.Keys, alone.Keys);
        Assert.True(alone["pattern", -1].Equals(cache["pattern", 1]));
    }

    [Fact]
    public void A_file_that_does_not_go_with_the_model_is_refused()
    {
        var (_, cache) = Run("gpt2");
        using var other = SampleModels.Create("attention only");
        var file = Path.Combine(folder, "cache.safetensors");
        cache.Save(file);
        var error = Assert.Throws<WeightsFormatException>(() => ActivationCache.Load(file, other));
        Assert.Contains("has no such hook", error.Message);
        SafeTensorsWriter.Write(file,
            new Dictionary<string, Tensor> { ["blocks.0.attn.hook_z"] = torch.zeros([2, 7, 4, 5]) });
        error = Assert.Throws<WeightsFormatException>(() => ActivationCache.Load(file, other));
        Assert.Contains("[2, 7, 4, 5]", error.Message);
        Assert.Contains("d_head = 6", error.Message);
        SafeTensorsWriter.Write(file, new Dictionary<string, Tensor> { ["blocks.3.hook_attn_out"] = torch.zeros([1]) });
        var plain = ActivationCache.Load(file);
        Assert.Same(plain["attn_out", 3], plain["attn_out", -1]);
    }

    private static (HookedTransformer Model, ActivationCache Cache) Run(string name)
    {
        var model = SampleModels.Create(name);
        var (_, cache) = model.RunWithCache(SampleModels.Tokens(model));
        return (model, cache);
    }
}
