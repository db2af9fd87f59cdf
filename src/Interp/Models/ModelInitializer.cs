using Interp.Tensors;
using Interp.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>Makes untrained models with random weights, to train or to compare with.</summary>
/// <remarks>
/// As GPT-2 and TransformerLens's <c>init_mode="gpt2"</c>: matrices and embeddings normal with the standard deviation
/// <see cref="HookedTransformerConfig.InitializerRange"/> (0.8/√d_model where it is not given), biases 0, norms 1.
/// </remarks>
public static class ModelInitializer
{
    /// <summary>A model with weights from a generator; the same seed gives the same model.</summary>
    public static HookedTransformer Create(HookedTransformerConfig config, Generator generator, Tokenizer? tokenizer = null)
    {
        config.Validate();
        using var scope = torch.NewDisposeScope();
        var source = new Source(config, generator);
        return new HookedTransformer(config, source.Weights(), tokenizer);
    }

    private sealed class Source(HookedTransformerConfig c, Generator generator)
    {
        private readonly double std = c.InitializerRange ?? 0.8 / Math.Sqrt(c.DModel);

        internal ModelWeights Weights() => new(
            Matrix(c.DVocab, c.DModel),
            c.PositionalEmbeddingType is PositionalEmbeddingType.Standard or PositionalEmbeddingType.Shortformer
                ? Matrix(c.NCtx, c.DModel) : null,
            [.. Enumerable.Range(0, c.NLayers).Select(_ => Block())],
            Norm(),
            Linear(c.DModel, c.OutputSize))
        {
            EmbedNorm = c.PostEmbeddingLn ? new NormWeights(Ones(c.DModel), Zeros(c.DModel)) : null,
        };

        private BlockWeights Block() => new(
            Norm(),
            Linear(c.DModel, (long)(c.NHeads + 2 * c.KeyValueHeads) * c.DHead),
            Linear((long)c.NHeads * c.DHead, c.DModel),
            c.AttnOnly ? null : Norm(),
            c.AttnOnly || c.NumExperts is not null ? null : Mlp())
        {
            Moe = c.NumExperts is { } experts
                ? new MoeWeights(new LinearWeights(Matrix(c.DModel, experts), null), [.. Enumerable.Range(0, experts).Select(_ => Mlp())])
                : null,
            QueryNorm = c.UseQkNorm ? Ones(c.DHead) : null,
            KeyNorm = c.UseQkNorm ? Ones(c.DHead) : null,
            Ln1Post = c.UseNormalizationBeforeAndAfter ? Norm() : null,
            Ln2Post = c.UseNormalizationBeforeAndAfter && !c.AttnOnly ? Norm() : null,
        };

        private MlpWeights Mlp() => new(Linear(c.DModel, c.DMlp), Linear(c.DMlp, c.DModel), c.GatedMlp ? Gate() : null,
            c.ActFn == "solu_ln" && c.NormalizationType == NormalizationType.LN ? new NormWeights(Ones(c.DMlp), Zeros(c.DMlp)) : null);

        private LinearWeights Linear(long input, long output) => new(Matrix(input, output), Zeros(output));

        private LinearWeights Gate() => new(Matrix(c.DModel, c.DMlp), null);

        private NormWeights? Norm() => c.NormalizationType switch
        {
            NormalizationType.LN => new NormWeights(Ones(c.DModel), Zeros(c.DModel)),
            NormalizationType.RMS => new NormWeights(Ones(c.DModel), null),
            _ => null,
        };

        private Tensor Matrix(long rows, long columns) =>
            (torch.randn([rows, columns], ScalarType.Float32, generator.device, generator: generator) * std).to(c.Dtype);

        private Tensor Zeros(long size) => torch.zeros([size], c.Dtype, generator.device);

        private Tensor Ones(long size) => torch.ones([size], c.Dtype, generator.device);
    }
}
