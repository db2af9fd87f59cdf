using Interp.Circuits.Cache;
using Interp.Circuits.Heads;
using Interp.Circuits.Linear;
using Interp.Circuits.Probes;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Cache;

/// <summary>Everything leaves its result, and nothing else, in the caller's scope.</summary>
public sealed class OwnershipTests
{
    [Theory, InlineData("gpt2"), InlineData("gemma")]
    public void Methods_of_a_cache_leave_one_tensor_each(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var model = SampleModels.Create(name);
        var (_, cache) = model.RunWithCache(SampleModels.Tokens(model));
        var (_, lazy) = model.RunWithLazyCache(SampleModels.Tokens(model));
        var parts = cache.DecomposeResid();
        var direction = torch.ones([model.Config.DModel]);
        var pattern = HeadPattern.PreviousToken(new long[7]);
        var calls = new Dictionary<string, Action>
        {
            ["accumulated"] = () => cache.AccumulatedResid(applyLn: true, inclMid: true, pos: ^1),
            ["decomposed"] = () => cache.DecomposeResid(applyLn: true),
            ["full"] = () => cache.GetFullResidDecomposition(applyLn: true),
            ["projected"] = () => cache.GetFullResidDecomposition(applyLn: true, projectOnto: direction),
            ["heads"] = () => cache.StackHeadResults(applyLn: true, inclRemainder: true),
            ["results"] = () => cache.HeadResults(1, pos: 2),
            ["neurons"] = () => cache.StackNeuronResults(pos: ^1, neurons: 3, inclRemainder: true),
            ["one neuron"] = () => cache.GetNeuronResults(0, 2),
            ["activations"] = () => cache.StackActivation("pattern"),
            ["norm"] = () => cache.ApplyLnToStack(parts),
            ["whole"] = () => cache.ApplyLnToStack(parts, recompute: true),
            ["attributions"] = () => cache.LogitAttrs(parts, 3, 4),
            ["of heads"] = () => cache.HeadLogitAttrs(3, 4),
            ["of neurons"] = () => cache.NeuronLogitAttrs(3, 4),
            ["constant"] = () => model.ConstantLogits(3, 4),
            ["lens"] = () => cache.Lens(pos: ^1),
            ["lazy"] = () => _ = lazy["pattern", 1],
            ["detector"] = () => HeadDetector.Detect(cache, pattern),
        };
        foreach (var (call, run) in calls) Assert.Equal((call, 1), (call, Left(scope, run)));
    }

    [Fact]
    public void Scores_probes_and_readings_leave_what_they_return()
    {
        using var scope = torch.NewDisposeScope();
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model, batch: 20);
        var labels = torch.arange(20) % 2;
        var features = torch.arange(40).to(ScalarType.Float32).view(20, 2).sin();
        using var generator = new Generator(1);
        var ov = model.OV();
        Assert.Equal(1, Left(scope, () => model.AllCompositionScores(CompositionMode.K)));
        Assert.Equal(1, Left(scope, () => model.CopyingScore()));
        Assert.Equal(0, Left(scope, () => CompositionScores.Baseline(model, generator, 3)));
        Assert.Equal(3, Left(scope, () => ov.Svd()));
        Assert.Equal(1, Left(scope, () => ov.Norm()));
        Assert.Equal(3, Left(scope, () => SvdInterpreter.SingularVectors(model, SingularVectorKind.WIn, 0)));
        Assert.Equal(2, Left(scope, () => LogisticProbe.Fit(features, labels)));
        Assert.Equal(2, Left(scope, () => MassMeanProbe.Fit(features, labels, covariance: true)));
        Assert.Equal(0, Left(scope,
            () => ProbeSweep.Run(model, tokens, labels, new ProbeSweepOptions { Positions = 1 })));
        Assert.Equal(1, Left(scope, () => SteeringVector.Between(model, "resid_post0", tokens, tokens)));
        Assert.Equal(0, Left(scope, () => LensReading.Of(model, [1, 2, 3], 4)));
    }

    private static int Left(DisposeScope scope, Action run)
    {
        var before = scope.DisposablesCount;
        run();
        return scope.DisposablesCount - before;
    }
}
