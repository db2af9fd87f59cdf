using Interp.Models;
using Interp.Studies.ModularAddition;
using Interp.Tensors;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.ModularAddition;

/// <summary>The models of products and of differences do what their cards say, and how they differ from one of sums.</summary>
public sealed class OtherOperationTests(ITestOutputHelper output) : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_model_of_products_has_the_circuit_and_its_card_shows_what_is_measured()
    {
        var (run, analysis) = Analyse("models/modmul");
        Assert.Equal(ModularOperation.Multiply, run.Task.Operation);
        Assert.Equal(1, analysis.Accuracy);
        Assert.True(analysis.SplitLosses!.Value.Test < 1e-5);
        Assert.True(analysis.CircuitFound);
        ModularCard.Matches(Repository.Path("models/modmul"), analysis);
    }

    [Fact]
    public void A_model_of_differences_computes_waves_of_a_minus_b_and_its_card_shows_what_is_measured()
    {
        var (run, analysis) = Analyse("models/modsub");
        using var model = run.LoadModel();
        using var activations = ModularActivations.Of(model, run.Task);
        using var basis = new FourierBasis(run.Task.Order);
        using var projection = new SumProjection(basis);
        Assert.Equal(ModularOperation.Subtract, run.Task.Operation);
        Assert.Equal(1, analysis.Accuracy);
        Assert.True(analysis.SplitLosses!.Value.Test < 1e-5);
        ModularCard.Matches(Repository.Path("models/modsub"), analysis);

        var keys = analysis.Frequencies.Frequencies;
        Assert.Equal([12, 26, 27], keys);
        var overPairs = activations.Logits - activations.Logits.mean(0, keepdim: true);
        overPairs -= overPairs.mean(1, keepdim: true);
        var part = Energy(projection.Along(overPairs, keys)) / Energy(overPairs);
        output.WriteLine($"waves of a − b at {analysis.Frequencies}: {part:0.0%} of the variance over pairs");
        Assert.True(part > 0.9);
        Assert.True(analysis.ExcludedLoss > analysis.Uniform);
        Assert.True(analysis.RestrictedLoss < 1e-5);
    }

    [Fact]
    public void Logarithms_and_not_the_numbers_of_a_product_are_on_circles()
    {
        var (run, products) = Analyse("models/modmul");
        using var model = run.LoadModel();
        // Read as a model of sums it has neither the answers nor waves.
        var sums = GrokAnalysis.Of(model, new ModularTask(run.Task.Modulus));
        output.WriteLine($"waves of {products.Task.Distance}: {products.Approximation.ExplainedVariance:0.0%}; of a + b − c: {sums.Approximation.ExplainedVariance:0.0%}");
        Assert.True(products.Approximation.ExplainedVariance > 0.9);
        Assert.True(sums.Approximation.ExplainedVariance < 0.1);
        Assert.False(sums.CircuitFound);
        Assert.True(products.Embedding.Gini() > sums.Embedding.Gini() + 0.2);
    }

    [Fact]
    public void A_difference_needs_heads_that_look_at_one_number_each_and_a_sum_does_not()
    {
        var differences = MostToOneNumber("models/modsub");
        var sums = MostToOneNumber("models/modadd");
        output.WriteLine($"mean attention to the first and second number, most of any head: difference {differences}, sum {sums}");
        Assert.True(differences is { First: > 0.95, Second: > 0.95 });
        Assert.True(sums is { First: < 0.75, Second: < 0.75 });
    }

    private static double Energy(Tensor values) => values.square().sum().ToDouble();

    private static (double First, double Second) MostToOneNumber(string folder)
    {
        var run = ModularRun.TryOpen(Repository.Path(folder))!;
        using var model = run.LoadModel();
        using var activations = ModularActivations.Of(model, run.Task);
        var pattern = activations.Pattern.to(ScalarType.Float64).mean(0); // [head, position]
        return (pattern[.., 0].max().ToDouble(), pattern[.., 1].max().ToDouble());
    }

    private static (ModularRun Run, GrokAnalysis Analysis) Analyse(string folder)
    {
        var run = ModularRun.TryOpen(Repository.Path(folder))!;
        using var model = run.LoadModel();
        return (run, GrokAnalysis.Of(model, run.Task, run.Split));
    }
}
