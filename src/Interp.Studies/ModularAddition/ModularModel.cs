using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>The network of the grokking experiments: one layer, no norms, no biases but the MLP's.</summary>
/// <remarks>
/// Nanda et al. 2023: tokens a, b and "="; learned positions; ReLU; embedding and unembedding apart. Every matrix starts
/// normal with standard deviation 1/√d_model, the unembedding with 1/√d_vocab, the biases at 0. "=" is an output too: it
/// takes part in the loss and is never right.
/// </remarks>
public static class ModularModel
{
    /// <summary>A network with random weights.</summary>
    /// <param name="options">The sizes.</param>
    /// <param name="generator">Draws the weights, on its device.</param>
    public static HookedTransformer Create(ModularAdditionOptions options, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        var c = Config(options);
        Tensor Matrix(long rows, long columns, int width) =>
            torch.randn([rows, columns], ScalarType.Float32, generator.device, generator: generator) / Math.Sqrt(width);
        Tensor Zeros(long size) => torch.zeros([size], ScalarType.Float32, generator.device);

        var heads = (long)c.NHeads * c.DHead;
        return new HookedTransformer(c, new ModelWeights(
            Matrix(c.DVocab, c.DModel, c.DModel),
            Matrix(c.NCtx, c.DModel, c.DModel),
            [
                new BlockWeights(
                    null,
                    new LinearWeights(Matrix(c.DModel, 3 * heads, c.DModel), null),
                    new LinearWeights(Matrix(heads, c.DModel, c.DModel), null),
                    null,
                    new MlpWeights(
                        new LinearWeights(Matrix(c.DModel, c.DMlp, c.DModel), Zeros(c.DMlp)),
                        new LinearWeights(Matrix(c.DMlp, c.DModel, c.DModel), Zeros(c.DModel)),
                        null)),
            ],
            null,
            new LinearWeights(Matrix(c.DModel, c.OutputSize, c.DVocab), null)));
    }

    /// <summary>The architecture.</summary>
    public static HookedTransformerConfig Config(ModularAdditionOptions options) => new()
    {
        ModelName = $"modular-{options.Operation.ToString().ToLowerInvariant()}-{options.Modulus}",
        NLayers = 1,
        DModel = options.ModelWidth,
        NHeads = options.Heads,
        DHead = options.ModelWidth / options.Heads,
        DMlp = options.Neurons,
        ActFn = "relu",
        NCtx = 3,
        DVocab = options.Modulus + 1,
        NormalizationType = NormalizationType.None,
    };
}
