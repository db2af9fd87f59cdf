using Interp.Hooks;
using Interp.Models;
using Interp.Sae.Dictionaries;
using Interp.Sae.Metrics;
using Interp.Sae.Tests.Activations;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Metrics;

public class RecoveryTests
{
    private const string Hook = "blocks.1.hook_resid_pre";

    /// <summary>A dictionary that gives back what it reads.</summary>
    private static SparseCoder Identity()
    {
        using var generator = new Generator(0);
        using var scope = torch.NewDisposeScope();
        var d = new StandardOptions { DIn = 24, DSae = 48, ApplyBDecToInput = false }.Create(generator);
        d["W_enc"].copy_(torch.cat([torch.eye(24), -torch.eye(24)], 1));
        d["W_dec"].copy_(d["W_enc"].t());
        return d;
    }

    [Fact]
    public void A_perfect_dictionary_recovers_everything_and_an_empty_one_nothing()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        Tensor[] tokens = [.. Sources.Sequences(model).Batches(16)];
        using var d = Identity();
        var perfect = Recovery.Measure(model, d, Hook, null, tokens);
        Assert.Equal(perfect.Clean, perfect.Spliced, 5);
        Assert.Equal(1, perfect.LossRecovered, 3);
        Assert.Equal(1, perfect.KlRecovered, 3);
        Assert.Equal(44 * 9, perfect.Predictions);
        d["W_dec"].zero_();
        var empty = Recovery.Measure(model, d, Hook, null, tokens);
        Assert.Equal(empty.Zero, empty.Spliced, 6);
        Assert.Equal(0, empty.LossRecovered, 6);
        Assert.Equal(0, empty.KlRecovered, 6);
    }

    [Fact]
    public void Losses_and_divergences_are_those_of_runs_with_the_value_replaced()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        Tensor[] tokens = [.. Sources.Sequences(model).Batches(44)];
        using var d = Kinds24();
        var report = Recovery.Measure(model, d, Hook, null, [tokens[0][..20], tokens[0][20..]], skipPositions: 1);
        var value = model.CacheOnly(tokens[0], [Hook])[Hook];
        double Loss(Tensor logits) => HookedTransformer.LossPerToken(logits, tokens[0]).mean().ToDouble();
        Tensor With(Tensor rows) =>
            model.RunWithHooks(tokens[0], (Hook, (_, _) => torch.cat([value[.., ..1], rows[.., 1..]], 1)));
        Assert.Equal(Loss(model.Forward(tokens[0])), report.Clean, 5);
        Assert.Equal(Loss(With(d.Forward(value))), report.Spliced, 5);
        Assert.Equal(Loss(With(torch.zeros_like(value))), report.Zero, 5);
        Assert.Equal(Loss(With(value[.., 1..].mean([0, 1]).expand_as(value))), report.Mean, 5);
        var (p, q) = (model.Forward(tokens[0])[.., ..^1].log_softmax(-1),
            With(d.Forward(value))[.., ..^1].log_softmax(-1));
        Assert.Equal((p.exp() * (p - q)).sum(-1).mean().ToDouble(), report.KlSpliced, 5);
        double Kl(Tensor logits)
        {
            var other = logits[.., ..^1].log_softmax(-1);
            return (p.exp() * (p - other)).sum(-1).mean().ToDouble();
        }

        Assert.Equal(Kl(With(torch.zeros_like(value))), report.KlZero, 5);
        Assert.Equal(Kl(With(value[.., 1..].mean([0, 1]).expand_as(value))), report.KlMean, 5);
        Assert.Equal((report.Mean - report.Spliced) / (report.Mean - report.Clean), report.LossRecoveredFromMean);
        Assert.Equal((report.KlZero - report.KlSpliced) / report.KlZero, report.KlRecovered, 9);
        Assert.Equal((report.KlMean - report.KlSpliced) / report.KlMean, report.KlRecoveredFromMean, 9);
        Assert.Equal((report.Zero - report.Spliced) / (report.Zero - report.Clean), report.LossRecovered);
        Assert.NotEqual(report.Mean, report.Zero, 3);
    }

    [Fact]
    public void A_dictionary_is_measured_on_the_positions_that_are_not_left_out()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        Tensor[] tokens = [.. Sources.Sequences(model).Batches(44)];
        using var d = Kinds24();
        var report = Reconstruction.Measure(model, d, Hook, null, [tokens[0][..20], tokens[0][20..]], skipPositions: 2);
        var x = model.CacheOnly(tokens[0], [Hook])[Hook][.., 2..].flatten(0, 1).to(ScalarType.Float64);
        var y = d.Forward(x.to(ScalarType.Float32)).to(ScalarType.Float64);
        Assert.Equal(x.size(0), report.Rows);
        Assert.Equal((x - y).square().mean().ToDouble(), report.Mse, 5);
        Assert.Equal(1 - ((x - y).square().sum() / (x - x.mean(0)).square().sum()).ToDouble(),
            report.ExplainedVariance, 1e-6);
        using var generator = new Generator(1);
        using var wide = new TopKOptions { DIn = 25, DSae = 48, K = 6 }.Create(generator);
        Assert.Contains("24 wide; the dictionary reads 25", Assert.Throws<ArgumentException>(() =>
            Reconstruction.Measure(model, wide, Hook, null, tokens)).Message);
        Assert.Throws<HookException>(() =>
            Reconstruction.Measure(model, d, "blocks.0.attn.hook_pattern", null, tokens));
        Assert.Throws<ArgumentException>(() => Reconstruction.Measure(model, d, Hook, null, []));
        // A transcoder's target is another hook.
        var options = new TranscoderOptions { DIn = 24, DOut = 24, DSae = 48, ApplyBDecToInput = false };
        using var transcoder = options.Create(generator);
        var target = model.CacheOnly(tokens[0], [Sources.Written])[Sources.Written].flatten(0, 1);
        Assert.Equal(target.square().mean().ToDouble(), // its decoder is 0
            Reconstruction.Measure(model, transcoder, Hook, Sources.Written, tokens).Mse, 5);
    }

    [Fact]
    public void A_transcoder_replaces_what_the_mlp_writes_with_what_it_computes_from_its_input()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var generator = new Generator(1);
        using var d = new TranscoderOptions
        {
            DIn = 24,
            DOut = 24,
            DSae = 48,
            ApplyBDecToInput = false
        }.Create(generator);
        d["W_dec"].copy_(torch.randn([48, 24], generator: generator));
        const string read = "blocks.0.ln2.hook_normalized";
        Tensor[] tokens = [.. Sources.Sequences(model).Batches(44)];
        var report = Recovery.Measure(model, d, read, Sources.Written, tokens);
        var rebuilt = d.Forward(model.CacheOnly(tokens[0], [read])[read]);
        var expected = HookedTransformer.LossPerToken(model.RunWithHooks(tokens[0], (Sources.Written, (_, _) =>
            rebuilt.clone())), tokens[0]).mean();
        Assert.Equal(expected.ToDouble(), report.Spliced, 5);
        Assert.Contains("comes before", Assert.Throws<HookException>(
            () => Recovery.Measure(model, d, Sources.Written, read, tokens)).Message);
    }

    private static SparseCoder Kinds24()
    {
        using var generator = new Generator(1);
        return new TopKOptions { DIn = 24, DSae = 48, K = 6 }.Create(generator);
    }
}
