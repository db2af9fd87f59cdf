using Interp.Models;
using Interp.Studies.ModularAddition;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.ModularAddition;

public sealed class GrokAnalysisTests(ITestOutputHelper output) : IDisposable
{
    private const string Released = "weights/neel-grokking/wd_10-1_mod_addition_loss_curve.pth";

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(ModularOperation.Add), InlineData(ModularOperation.Multiply)]
    public void A_random_model_is_reported_as_having_no_circuit(ModularOperation operation)
    {
        var options = new ModularAdditionOptions { Modulus = 29, Operation = operation, ModelWidth = 32, Heads = 2, Neurons = 64 };
        using var generator = new Generator(1);
        using var model = ModularModel.Create(options, generator);
        var analysis = GrokAnalysis.Of(model, new ModularTask(29, operation), options.Split());
        Assert.False(analysis.CircuitFound);
        Assert.InRange(analysis.Accuracy, 0, 0.2);
        Assert.InRange(analysis.Approximation.ExplainedVariance, 0, 0.1);
        Assert.All(analysis.Verdicts().Where(verdict => verdict.IsCore), verdict => Assert.False(verdict.Holds, verdict.Claim));
        // Of all claims only such hold that say nothing of the task.
        Assert.True(analysis.Verdicts().Count(verdict => verdict.Holds) <= 3, string.Join("; ", analysis.Verdicts().Where(v => v.Holds)));
    }

    [Fact]
    public void Losses_and_ablations_agree_with_the_model_run_plainly()
    {
        var options = new ModularAdditionOptions { Modulus = 13, ModelWidth = 16, Heads = 2, Neurons = 32 };
        using var generator = new Generator(3);
        using var model = ModularModel.Create(options, generator);
        var task = new ModularTask(13);
        using var run = ModularActivations.Of(model, task);
        var tokens = ModularActivations.Tokens(task, [.. Enumerable.Range(0, 169)], torch.CPU);
        var logits = model.Forward(tokens)[.., ^1, ..13].to(ScalarType.Float64);
        Assert.True(run.Logits.allclose(logits, atol: 1e-6));
        Assert.True(run.LogitsFrom(run.Stream, run.Neurons).allclose(logits, atol: 1e-5));

        var labels = (tokens[.., 0] + tokens[.., 1]).remainder(13);
        var analysis = GrokAnalysis.Of(model, run);
        Assert.Equal(PairForward.Loss(logits, labels).ToDouble(), analysis.Loss, 1e-6);
        double Without(params Hooks.Hook[] hooks) =>
            PairForward.Loss(model.RunWithHooks(tokens, hooks)[.., ^1, ..13].to(ScalarType.Float64), labels).ToDouble();
        Assert.Equal(Without(("blocks.0.hook_attn_out", (x, _) => torch.zeros_like(x))), analysis.Ablations.WithoutHeads.Loss, 1e-6);
        using var cache = model.CacheOnly(tokens, ["blocks.0.hook_attn_out"]);
        var attention = cache["blocks.0.hook_attn_out"];
        Assert.Equal(Without(("blocks.0.hook_resid_mid", (_, _) => attention)), analysis.Ablations.WithoutAttentionSkip.Loss, 1e-5);
    }

    [Fact]
    public void Gradients_are_symmetric_where_attention_is_uniform()
    {
        using var generator = new Generator(3);
        using var model = ModularModel.Create(new ModularAdditionOptions { Modulus = 13, ModelWidth = 16, Heads = 2, Neurons = 32 }, generator);
        Assert.True(ClockOrPizza.Symmetricity(model, new ModularTask(13), 0) < 0.99999);
        model.W_Q(0).zero_();
        Assert.Equal(1, ClockOrPizza.Symmetricity(model, new ModularTask(13), 0), 1e-6);
    }

    [Fact]
    public void A_model_of_another_kind_is_an_error_that_says_what_is_expected()
    {
        using var generator = new Generator(0);
        using var model = ModularModel.Create(new ModularAdditionOptions { Modulus = 5, ModelWidth = 8, Heads = 2, Neurons = 8 }, generator);
        Assert.Contains("needs 14 tokens", Assert.Throws<ArgumentException>(() => GrokAnalysis.Of(model, new ModularTask(13))).Message);
        using var induction = HookedTransformer.Load(Repository.Path("models/induction"));
        Assert.Contains("one layer", Assert.Throws<ArgumentException>(() => GrokAnalysis.Of(induction, new ModularTask(13))).Message);
    }

    [SharedFact(Released)]
    public void The_released_grokked_model_has_the_circuit()
    {
        using var model = HookedTransformer.Load(SharedData.Path(Released));
        // Its settings say seed 1 and 30%; the losses that it saved are those of this split.
        var analysis = GrokAnalysis.Of(model, new ModularTask(113), PairSplit.Create(113, 0.3, seed: 1));
        foreach (var v in analysis.Verdicts()) output.WriteLine($"{(v.Holds ? "holds" : "no   ")} {v.Claim}: {v.Measured} (published {v.Published})");
        Assert.Equal(1, analysis.Accuracy);
        Assert.Equal([6, 23, 37, 39, 41], analysis.Frequencies.Frequencies);
        Assert.InRange(analysis.Approximation.ExplainedVariance, 0.9, 1);
        Assert.True(analysis.CircuitFound);
        Assert.Equal("clock", analysis.Algorithm.Verdict);
        using var file = WeightFile.Open(SharedData.Path(Released));
        var (train, test) = analysis.SplitLosses!.Value;
        Assert.InRange(train / file.Load("train_loss").ToDouble(), 0.999, 1.001);
        Assert.InRange(test / file.Load("test_loss").ToDouble(), 0.995, 1.005);
        // Its neurons are less clear than the paper's, and the report must say so.
        Assert.False(analysis.Verdicts().Single(v => v.Claim == "neurons are products of one frequency").Holds);
    }
}
