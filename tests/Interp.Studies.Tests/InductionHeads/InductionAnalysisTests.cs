using Interp.Circuits.Heads;
using Interp.Circuits.Tests.Heads;
using Interp.Models;
using Interp.Studies.InductionHeads;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.InductionHeads;

public sealed class InductionAnalysisTests : IDisposable
{
    private const string Released = "weights/neel-grokking/induction_head_infinite.pth";
    private static readonly InductionStudyOptions Few = new() { Seeds = 3, Sequences = 4 };

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void On_the_shipped_model_every_claim_holds_and_every_method_names_the_same_heads()
    {
        using var model = HookedTransformer.Load(Repository.Path("models/induction"));
        var analysis = InductionAnalysis.Of(model, Few);
        Assert.All(analysis.Methods, method => AssertHeads(method, "L0H3", "L1H0, L1H1, L1H2, L1H3"));
        Assert.Equal(3, analysis.Methods.Count);
        AssertAllHold(analysis);
        Assert.True(analysis.CircuitFound);
        Assert.Equal("L0H3", analysis.Lead.ToString());
    }

    [SharedFact(Released)]
    public void On_a_released_model_every_claim_holds_and_every_method_names_the_same_heads()
    {
        using var model = HookedTransformer.Load(SharedData.Path(Released));
        var analysis = InductionAnalysis.Of(model, Few);
        Assert.All(analysis.Methods, method => AssertHeads(method, "L0H2", "L1H1, L1H2, L1H3"));
        AssertAllHold(analysis);
    }

    [Theory, InlineData(1, 128), InlineData(2, 128), InlineData(3, 8)]
    public void On_an_untrained_model_no_claim_holds(ulong seed, int width)
    {
        using var generator = new Generator(seed);
        using var model = ModelInitializer.Create(new HookedTransformerConfig
        {
            NLayers = 2,
            DModel = width,
            NHeads = 4,
            DHead = width / 4,
            NCtx = 128,
            DVocab = 97,
            AttnOnly = true,
        }, generator);
        var analysis = InductionAnalysis.Of(model, Few);
        Assert.All(analysis.Verdicts(), verdict => Assert.False(verdict.Holds, $"{verdict.Claim}: {verdict.Measured}"));
        Assert.False(analysis.CircuitFound);
        Assert.Empty(analysis.Single);
    }

    [Fact]
    public void One_layer_has_no_head_before_another_layers_and_no_claim_holds()
    {
        using var model = SmallModels.Attention();
        var analysis = InductionAnalysis.Of(model, Few);
        Assert.Null(analysis.Lead);
        Assert.Empty(analysis.Composition);
        Assert.All(analysis.Verdicts(), verdict => Assert.False(verdict.Holds, $"{verdict.Claim}: {verdict.Measured}"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers()
    {
        using var model = SmallModels.Attention(layers: 2);
        IEnumerable<string> Measure(ulong seed) => InductionAnalysis.Of(model, Few with { Seed = seed }).Verdicts().Select(verdict => verdict.Measured);
        Assert.Equal(Measure(4), Measure(4));
        Assert.NotEqual(Measure(4), Measure(5));
    }

    [Fact]
    public void A_model_that_does_not_predict_its_tokens_is_an_error()
    {
        using var generator = new Generator(0);
        using var model = ModelInitializer.Create(
            new HookedTransformerConfig { NLayers = 1, DModel = 8, NHeads = 2, DHead = 4, NCtx = 64, DVocab = 30, DVocabOut = 2, AttnOnly = true }, generator);
        Assert.Contains("30 tokens and has 2 outputs", Assert.Throws<ArgumentException>(() => InductionAnalysis.Of(model, Few)).Message);
    }

    [Fact]
    public void Intervals_need_two_seeds() =>
        Assert.Contains("Seeds is 1", Assert.Throws<ArgumentException>(() => InductionAnalysis.Of(SmallModels.Attention(), Few with { Seeds = 1 })).Message);

    [Fact]
    public void An_analysis_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => InductionAnalysis.Of(SmallModels.Attention(), Few, cancellation: stop.Token));
    }

    private static void AssertHeads(HeadsByMethod method, string previous, string induction) =>
        Assert.Equal((method.Method, previous, induction), (method.Method, HeadName.List(method.Previous), HeadName.List(method.Induction)));

    private static void AssertAllHold(InductionAnalysis analysis) =>
        Assert.All(analysis.Verdicts(), verdict => Assert.True(verdict.Holds, $"{verdict.Claim}: {verdict.Measured}, holds when {verdict.HoldsWhen}"));
}
