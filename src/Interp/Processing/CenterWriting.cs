using Interp.Models;

namespace Interp.Processing;

/// <summary><c>center_writing_weights</c>: what is written to the residual stream has mean zero over d_model.</summary>
/// <remarks>
/// Every reader of the stream is a LayerNorm, which first takes the mean over d_model off:
/// <code>
/// LN(x + m · 1) = LN(x)
/// </code>
/// so the mean of every vector that is added to the stream can be taken off beforehand: rows of W_E, W_pos, W_O and
/// W_out, and the biases b_O and b_out. An RMSNorm sees the mean, and so does a model without norms: there it would
/// change the result.
/// <para>Where the embedding goes through a norm of its own (BLOOM), that norm is what writes: n ∘ w + b. The mean of
/// b is taken off, W_E stays as it is (the norm takes its mean off anyway), and what n ∘ w has for a mean differs from
/// token to token: no change of weights can take it off. Predictions are the same, but the stream keeps that mean, and
/// the step says so in <see cref="HookedTransformer.Processing"/>.</para>
/// </remarks>
internal sealed class CenterWriting : WeightStep
{
    internal override string Name => "center_writing_weights";

    internal override string? Invalid(ModelParts model) => model.Config.NormalizationType switch
    {
        NormalizationType.LN or NormalizationType.LNPre => null,
        NormalizationType.None => "without norms the mean of the residual stream is read too",
        _ => "an RMSNorm does not take the mean of the residual stream off, so it is read too",
    };

    internal override string? Remains(ModelParts model) => model.Weights.EmbedNorm?.Weight is null ? null
        : "the norm of the embedding scales every dimension by its own weight, so what it writes keeps a mean";

    internal override ModelParts Apply(ModelParts model)
    {
        var weights = WeightEdit.Untie(model.Weights);
        if (weights.EmbedNorm is { } norm) WeightEdit.Center(norm.Bias, -1);
        else WeightEdit.Center(weights.Embed, -1);
        // A shortformer's positions are added behind the norm: they are not written to the stream.
        if (model.Config.PositionalEmbeddingType != PositionalEmbeddingType.Shortformer)
            WeightEdit.Center(weights.PosEmbed, -1);
        foreach (var block in weights.Blocks)
        {
            Center(block.Out);
            Center(block.Mlp?.Out);
            foreach (var expert in block.Moe?.Experts ?? []) Center(expert.Out);
        }
        return model with { Weights = weights };
    }

    private static void Center(LinearWeights? writer)
    {
        WeightEdit.Center(writer?.Weight, -1);
        WeightEdit.Center(writer?.Bias, -1);
    }
}
