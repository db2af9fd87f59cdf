using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries.Sparse;

/// <summary>
/// Steps large enough for the fast dense products and for several threads, beside autograd's of the loss.
/// </summary>
public class LargeStepTests
{
    public static TheoryData<string, double> Cases => new()
    {
        { "standard", 0 }, { "standard", -0.05 }, { "standard", -0.15 }, { "topk", 0 }, { "batchtopk", 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_step_leaves_the_gradients_that_autograd_finds(string kind, double shift)
    {
        using var scope = NewDisposeScope();
        using var recorded = Create(kind, shift);
        using var byHand = Create(kind, shift);
        var x = Samples.Normal(ScalarType.Float32, 4500, 32);
        var loss = recorded.Loss(x, x, LossContext.Default);
        Gradients.Backward(loss.Total);
        var step = byHand.Step(x, x, LossContext.Default);
        Near("loss", loss.Total.detach(), step.Total);
        Near("output", loss.Output.detach(), step.Output);
        foreach (var (name, tensor) in recorded.Weights)
            if (tensor.requires_grad) Near(name, tensor.grad!, byHand[name].grad!);
    }

    private static SparseCoder Create(string kind, double shift)
    {
        DictionaryOptions options = kind switch
        {
            "standard" => new StandardOptions { DIn = 32, DSae = 300 },
            "topk" => new TopKOptions { DIn = 32, DSae = 300, K = 9 },
            _ => new BatchTopKOptions { DIn = 32, DSae = 300, K = 9 },
        };
        using var generator = new Generator(3);
        var dictionary = options.Create(generator);
        foreach (var parameter in dictionary.Parameters) parameter.requires_grad_(true);
        using var noGrad = no_grad();
        dictionary["b_enc"].add_(Samples.Normal(ScalarType.Float32, 300) * 0.01 + shift);
        dictionary["b_dec"].add_(Samples.Normal(ScalarType.Float32, 32) * 0.1);
        return dictionary;
    }

    /// <summary>
    /// Sums of thousands of numbers in another order; a feature within rounding of 0 may be on in one alone.
    /// </summary>
    private static void Near(string what, Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        var difference = linalg.vector_norm(expected - actual).ToDouble();
        var limit = 1e-4 * linalg.vector_norm(expected).ToDouble();
        Assert.True(difference <= limit, $"{what}: the difference has length {difference}, allowed is {limit}");
    }
}
