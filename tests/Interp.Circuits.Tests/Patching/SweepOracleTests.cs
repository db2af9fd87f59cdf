using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Patching;

/// <summary>The sweeps against one full run a site, on models of every configuration.</summary>
public sealed class SweepOracleTests : IDisposable
{
    private const int Length = 7;
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public static TheoryData<string> Names => SampleModels.Names;

    public void Dispose() => scope.Dispose();

    [Theory, MemberData(nameof(Names))]
    public void Every_site_of_every_hook_has_the_metric_of_a_full_run(string name)
    {
        using var model = Model(name);
        var (clean, corrupted) = (Tokens(model, 1), Tokens(model, 2));
        var metric = LogitMetric.Difference([1, 2], [2, 0]);
        using var patching = new ActivationPatching(model, corrupted, PatchSource.Run(clean), metric);
        Check(model, clean, corrupted, metric, patching, [.. Sites(model)
            .Select(site => (IReadOnlyList<PatchSite>)[site])]);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_group_of_sites_in_several_layers_is_one_run_with_all_of_them(string name)
    {
        using var model = Model(name);
        var (clean, corrupted) = (Tokens(model, 3), Tokens(model, 4));
        var metric = LogitMetric.Of(logits => logits.log_softmax(-1).square().mean());
        using var patching = new ActivationPatching(model, corrupted, PatchSource.Run(clean), metric);
        var sites = Sites(model).ToArray();
        var random = new Random(5);
        var groups = Enumerable.Range(0, 60)
            // Two patches of one hook would write the same place one after the other: fine in both, but not a different
            // case.
            .Select(_ => (IReadOnlyList<PatchSite>)random.GetItems(sites, random.Next(2, 5))
                .DistinctBy(site => site.Hook).Where(Combines).ToList())
            .Append([]).ToList();
        Check(model, clean, corrupted, metric, patching, groups);
    }

    [Theory, MemberData(nameof(Names))]
    public void Left_padding_is_seen_by_nobody_in_a_sweep(string name)
    {
        using var model = Model(name);
        if (!model.Config.IsCausal) return;
        var (clean, corrupted) = (Tokens(model, 6), Tokens(model, 7));
        var mask = torch.ones([2, Length], ScalarType.Int64);
        mask.fill_(0, 1, ..2);
        var metric = LogitMetric.Difference(1, 2);
        using var patching =
            new ActivationPatching(model, corrupted, PatchSource.Run(clean, mask), metric, new SweepOptions
            {
                PaddingMask = mask,
            });
        Check(model, clean, corrupted, metric, patching, [.. Sites(model)
            .Select(site => (IReadOnlyList<PatchSite>)[site])], mask);
    }

    [Fact]
    public void Prompts_that_share_their_first_tokens_give_the_same_numbers()
    {
        using var model = Model("gpt2");
        var clean = Tokens(model, 8);
        var corrupted = clean.clone();
        corrupted.fill_(3, .., 4);
        corrupted.fill_(5, 1, 2);
        var metric = LogitMetric.LogProbability([1]);
        using var patching = new ActivationPatching(model, corrupted, PatchSource.Run(clean), metric);
        Check(model, clean, corrupted, metric, patching, [.. Sites(model)
            .Select(site => (IReadOnlyList<PatchSite>)[site])]);
        Assert.Equal(patching.Baseline, patching.ResidPre()[1, 1]);
    }

    [Fact]
    public void A_small_memory_budget_makes_more_batches_and_the_same_numbers()
    {
        using var model = Model("gpt2");
        var (clean, corrupted) = (Tokens(model, 1), Tokens(model, 2));
        SweepResult Run(long budget)
        {
            using var patching =
                new ActivationPatching(model, corrupted, PatchSource.Run(clean), LogitMetric.Difference(1, 2),
                    new SweepOptions
                    {
                        MemoryBudget = budget,
                    });
            return patching.HeadOutputByPosition();
        }
        var (large, small) = (Run(1L << 30), Run(100_000));
        Assert.Equal(1, large.Cost.Batches);
        Assert.InRange(small.Cost.Batches, 5, 1000);
        Close(large.Values, small.Values);
    }

    [Fact]
    public void Patching_the_whole_stream_gives_the_source_runs_metric()
    {
        using var model = Model("llama");
        var (clean, corrupted) = (Tokens(model, 1), Tokens(model, 2));
        using var patching =
            new ActivationPatching(model, corrupted, PatchSource.Run(clean), LogitMetric.Difference(3, 4));
        var whole = patching.Run([new PatchSite("blocks.1.hook_resid_pre")]);
        Assert.Equal(patching.SourceMetric!.Value, whole.Values[0], 5);
        Assert.Equal(1, whole.Normalized()[0], 4);
    }

    private static void Check(HookedTransformer model, Tensor clean, Tensor corrupted, LogitMetric metric,
        ActivationPatching patching,
        IReadOnlyList<IReadOnlyList<PatchSite>> groups, Tensor? mask = null)
    {
        var names = groups.SelectMany(group => group.Select(site => site.Hook)).Distinct().ToArray();
        var source = model.CacheOnly(clean, names, new ForwardOptions { PaddingMask = mask });
        Close(PlainSweep.Run(model, corrupted, source, metric, groups, mask), patching.Run(groups).Values,
            k => string.Join(" + ", groups[k]));
    }

    private static void Close(IReadOnlyList<double> expected, IReadOnlyList<double> actual, Func<int,
        string>? name = null)
    {
        Assert.Equal(expected.Count, actual.Count);
        var scale = expected.Max(Math.Abs);
        for (var k = 0; k < expected.Count; k++)
            Assert.True(Math.Abs(expected[k] - actual[k]) <= 1e-5 * scale,
                $"{name?.Invoke(k) ?? k.ToString()}: {actual[k]} instead of {expected[k]}");
        Assert.True(expected.Distinct().Count() > expected.Count / 4,
            "the sites do not differ: the test shows nothing");
    }

    /// <summary>A norm's points see only the unsplit stream: the model refuses them beside an edit of a split
    /// input.</summary>
    private static bool Combines(PatchSite site) => !site.Hook.EndsWith("_in") && !site.Hook.EndsWith("_input");

    /// <summary>All heads and some positions of every hook with a batch, whole values too.</summary>
    private static IEnumerable<PatchSite> Sites(HookedTransformer model)
    {
        foreach (var point in model.Hooks.Points.Where(p => p.Dimensions[0] == "batch"
            && p.Name is not ("hook_tokens" or "unembed.hook_out")))
        {
            var site = new PatchSite(point.Name);
            var heads = point.Dimensions.Contains("head")
                ? model.Config.NHeads : point.Dimensions.Contains("kv_head") ? model.Config.KeyValueHeads : 0;
            yield return site;
            yield return site with { Position = 2 };
            yield return site with { Position = -1 };
            if (heads > 0) yield return site with { Head = heads - 1 };
            for (var head = 0; head < heads; head++) yield return site with { Head = head, Position = 1 + head };
            if (point.Dimensions[^1] == "key") yield return site with { Head = 1, Position = 5, SourcePosition = 3 };
            if (point.Dimensions[^1] == "key") yield return site with { SourcePosition = 0 };
            if (point.Dimensions[^1] is "d_mlp" or "d_model") yield return site with { Neuron = 7, Position = 4 };
        }
    }

    private static HookedTransformer Model(string name)
    {
        var config = SampleModels.Configs[name];
        if (config.AttnTypes is null && config.AttentionMasks is null) config = config with { NLayers = 3 };
        using var generator = new Generator(11);
        return ModelInitializer.Create(config, generator);
    }

    private static Tensor Tokens(HookedTransformer model, ulong seed)
    {
        using var generator = new Generator(seed);
        return torch.randint(0, model.Config.DVocab, [2, Length], generator: generator);
    }
}
