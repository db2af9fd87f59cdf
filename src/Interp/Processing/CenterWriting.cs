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
/// change the result. Embeddings that are normalized themselves (BLOOM) lose their mean twice; the norm's own output
/// keeps one.
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

    internal override ModelParts Apply(ModelParts model)
    {
        var weights = WeightEdit.Untie(model.Weights);
        WeightEdit.Center(weights.Embed, -1);
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
