using Interp.Circuits.Attribution;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Attribution;

/// <summary>Estimates of sweeps against the exact sweeps where both must agree.</summary>
public sealed class AttributionPatchingTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void With_the_correction_queries_and_keys_of_a_linear_last_layer_are_exact(int? groups)
    {
        using var model = OneLayer(groups);
        var (clean, corrupted, metric) = Runs(model);
        using var exact = new ActivationPatching(model, corrupted, PatchSource.Run(clean), metric);
        var estimate = new AttributionPatching(model, corrupted, PatchSource.Run(clean), metric);
        Same(exact, estimate, p => p.QueryByPosition());
        Same(exact, estimate, p => p.QueryAllPositions());
        Same(exact, estimate, p => p.KeyByPosition());
        Same(exact, estimate, p => p.KeyAllPositions());
        var plain = Plain(model, clean, corrupted, metric);
        Assert.True(Difference(exact.KeyByPosition(), plain.KeyByPosition()) > 1e-3,
            "the softmax is linear: the test shows nothing");
    }

    [Fact]
    public void The_correction_holds_with_rotations_soft_caps_and_normed_queries()
    {
        using var generator = new Generator(3);
        using var model = ModelInitializer.Create(SampleModels.Configs["gemma"] with
        {
            NLayers = 1,
            NormalizationType = NormalizationType.None,
            UseNormalizationBeforeAndAfter = false,
            OutputLogitsSoftCap = null,
            AttnTypes = null,
            AttnOnly = true,
        }, generator);
        var (clean, corrupted, metric) = Runs(model);
        using var exact = new ActivationPatching(model, corrupted, PatchSource.Run(clean), metric);
        var estimate = new AttributionPatching(model, corrupted, PatchSource.Run(clean), metric);
        Same(exact, estimate, p => p.QueryByPosition());
        Same(exact, estimate, p => p.KeyByPosition());
    }

    [Fact]
    public void A_softmax_that_is_sure_is_turned_by_a_patched_key()
    {
        using var model = OneLayer(null);
        foreach (var block in model.Weights.Blocks) block.Qkv.Weight.mul_(8);
        var (clean, corrupted, metric) = Runs(model);
        using var exact = new ActivationPatching(model, corrupted, PatchSource.Run(clean), metric);
        var estimate = new AttributionPatching(model, corrupted, PatchSource.Run(clean), metric);
        Same(exact, estimate, p => p.KeyByPosition());
        var plain = Plain(model, clean, corrupted, metric);
        Assert.True(Difference(exact.KeyByPosition(), plain.KeyByPosition()) > 0.1);
    }

    [Fact]
    public void What_acts_linearly_on_the_metric_is_exact()
    {
        using var generator = new Generator(5);
        using var model = ModelInitializer.Create(SampleModels.Configs["attention only"], generator);
        var (clean, corrupted, metric) = Runs(model);
        using var exact = new ActivationPatching(model, corrupted, PatchSource.Run(clean), metric);
        var estimate = new AttributionPatching(model, corrupted, PatchSource.Run(clean), metric);
        PatchSite[] sites =
        [
            new("blocks.1.attn.hook_z") { Head = 2 }, new("blocks.1.attn.hook_v") { Head = 1, Position = 3 },
            new("blocks.1.attn.hook_v") { Position = -1, Neuron = 4 }, new("blocks.1.hook_resid_post") { Position = 6 },
            new("blocks.1.attn.hook_pattern") { Head = 3, Position = 6, SourcePosition = 2 },
                new("blocks.1.hook_attn_out"),
        ];
        var (expected, found) = (exact.Run(sites), estimate.Run(sites));
        for (var k = 0; k < sites.Length; k++)
            Assert.True(Math.Abs(expected.Values[k] - found.Values[k]) < 1e-5 * Scale(expected),
                $"{sites[k]}: {found.Values[k]} instead of {expected.Values[k]}");
        Assert.Equal(expected.Baseline, found.Baseline, 5);
        Assert.Equal(expected.Source!.Value, found.Source!.Value, 5);
        Assert.True(Difference(exact.ResidPre(), estimate.ResidPre()) > 1e-3,
            "everything is linear: the test shows nothing");
    }

    [Fact]
    public void Padding_on_the_left_changes_nothing()
    {
        using var model = SampleModels.Create("gpt2");
        var (clean, corrupted, metric) = Runs(model);
        var zeros = torch.zeros([2, 2], ScalarType.Int64);
        var mask = torch.cat([zeros, torch.ones_like(clean)], 1);
        Tensor Padded(Tensor tokens) => torch.cat([zeros, tokens], 1);
        var plain = new AttributionPatching(model, corrupted, PatchSource.Run(clean), metric).KeyByPosition();
        var padded = new AttributionPatching(model, Padded(corrupted), PatchSource.Run(Padded(clean), mask), metric,
            new SweepOptions { PaddingMask = mask }).KeyByPosition();
        for (var layer = 0; layer < 2; layer++)
            for (var position = 0; position < 7; position++)
                for (var head = 0; head < 4; head++)
                    Assert.Equal(plain[layer, position, head], padded[layer, position + 2, head], 4);
    }

    private static HookedTransformer OneLayer(int? groups)
    {
        using var generator = new Generator(5);
        return ModelInitializer.Create(
            SampleModels.Configs["attention only"] with { NLayers = 1, NKeyValueHeads = groups }, generator);
    }

    private static (Tensor Clean, Tensor Corrupted, LogitMetric Metric) Runs(HookedTransformer model) =>
        (SampleModels.Tokens(model, 2, 7, 3), SampleModels.Tokens(model, 2, 7, 4), LogitMetric.Difference(2, 5));

    private static AttributionPatching Plain(HookedTransformer model, Tensor clean, Tensor corrupted,
        LogitMetric metric) =>
        new(model, corrupted, PatchSource.Run(clean), metric) { CorrectQueriesAndKeys = false };

    private static void Same(PatchingSweeps exact, PatchingSweeps estimate, Func<PatchingSweeps, SweepResult> sweep)
    {
        var (expected, found) = (sweep(exact), sweep(estimate));
        Assert.True(Difference(expected, found) < 2e-5, $"{expected.Name}: {Difference(expected, found)}");
        Assert.True(expected.Values.Max(value => Math.Abs(value - expected.Baseline)) > 0.01, "no site matters");
    }

    private static double Difference(SweepResult expected, SweepResult found) =>
        expected.Values.Zip(found.Values, (a, b) => Math.Abs(a - b)).Max() / Scale(expected);

    private static double Scale(SweepResult result) => 1 + result.Values.Max(Math.Abs);
}
