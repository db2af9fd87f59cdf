using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Hooks;

public sealed class CacheEstimateTests(ITestOutputHelper output) : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<string> Models => SampleModels.Names;

    [Theory, MemberData(nameof(Models))]
    public void The_estimate_is_what_a_run_keeps(string name)
    {
        using var model = SampleModels.Create(name);
        Check(name, model, SampleModels.Tokens(model, batch: 3, pos: 11));
    }

    [SharedTheory("fixtures")]
    [InlineData("gpt2"), InlineData("gpt_neo"), InlineData("gpt_neox_pythia"), InlineData("gptj"), InlineData("opt"),
        InlineData("bloom")]
    [InlineData("falcon"), InlineData("llama_gqa"), InlineData("mistral"), InlineData("mixtral"), InlineData("qwen2"),
        InlineData("gemma")]
    [InlineData("gemma2"), InlineData("phi"), InlineData("phi3"), InlineData("olmo"), InlineData("stablelm")]
    public void The_estimate_is_what_a_run_of_a_fixture_keeps(string name)
    {
        using var model = HookedTransformer.Load(SharedData.Path($"fixtures/{name}"));
        using var generator = new Generator(1);
        Check(name, model, torch.randint(0, model.Config.DVocab, [2, 12], generator: generator));
    }

    [Fact]
    public void In_half_precision_it_is_half_but_for_scales()
    {
        using var generator = new Generator(1);
        foreach (var name in (string[])["gpt2", "llama", "mixtral"])
        {
            using var model = ModelInitializer.Create(SampleModels.Configs[name] with { Dtype = ScalarType.BFloat16 },
                generator);
            Check($"{name} in bfloat16", model, SampleModels.Tokens(model));
        }
    }

    [Fact]
    public void It_lists_every_point_and_counts_shared_memory_once()
    {
        using var model = SampleModels.Create("gpt2");
        var estimate = model.EstimateCache(2, 7, "blocks.*.hook_resid_pre", "blocks.*.hook_resid_post");
        var stream = 2 * 7 * model.Config.DModel * 4L;
        Assert.Equal(3 * stream, estimate.Bytes);
        Assert.Equal(
            [("blocks.0.hook_resid_pre", stream), ("blocks.0.hook_resid_post", stream), ("blocks.1.hook_resid_pre", 0),
                ("blocks.1.hook_resid_post", stream)],
            estimate.Points);
        Assert.Equal(stream * 2, model.EstimateCache(2, 7, "z1", "z0").Bytes);
        Assert.Throws<HookException>(() => model.EstimateCache(1, 1, "blocks.*.nothing"));
        Assert.Throws<ArgumentException>(() => model.EstimateCache(1, 17));
    }

    private void Check(string name, HookedTransformer model, Tensor tokens)
    {
        string[] all = [.. model.Hooks.Points.Where(p => p.Name != "hook_tokens").Select(p => p.Name)];
        foreach (var names in (string[][])[[], all, ["blocks.*.hook_resid_p*"],
            ["blocks.*.attn.hook_q", "unembed.hook_in", "ln_final.*", "blocks.*.mlp.*"]])
        {
            var found = names.Where(n => !n.Contains('*') || TryMatch(model, n)).ToArray();
            var (_, cache) = model.RunWithCache(tokens, found);
            var estimate = model.EstimateCache(tokens.size(0), tokens.size(1), found);
            var ratio = (double)estimate.Bytes / cache.Bytes;
            output.WriteLine($"{name}: estimated {estimate.Bytes}, kept {cache.Bytes}, ratio {ratio:F4}");
            Assert.InRange(ratio, 0.999, 1.001);
            Assert.Equal(cache.Keys.Order(), estimate.Points.Select(p => p.Name).Order());
        }
    }

    private static bool TryMatch(HookedTransformer model, string pattern)
    {
        try
        {
            return model.Hooks.Match(pattern).Count > 0;
        }
        catch (HookException)
        {
            return false;
        }
    }
}
