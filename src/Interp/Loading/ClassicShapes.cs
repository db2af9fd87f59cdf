using Interp.Models;

namespace Interp.Loading;

/// <summary>All sizes that the weights of a classic state dict show, without its configuration.</summary>
internal sealed record ClassicShapes(long Layers, long Vocabulary, long Width, long Context, long Heads, long HeadWidth, long MlpWidth,
    long Outputs, bool HasNormWeights)
{
    /// <summary>The sizes that a configuration asks for.</summary>
    internal static ClassicShapes Of(HookedTransformerConfig c) => new(c.NLayers, c.DVocab, c.DModel,
        c.PositionalEmbeddingType == PositionalEmbeddingType.Standard ? c.NCtx : 0, c.NHeads, c.DHead, c.AttnOnly ? 0 : c.DMlp, c.OutputSize,
        c.NormalizationType is NormalizationType.LN or NormalizationType.RMS);

    /// <summary>The sizes of the weights of a file.</summary>
    internal static ClassicShapes Of(WeightReader r)
    {
        var layers = 0;
        while (r.Has($"blocks.{layers}.attn.W_Q")) layers++;
        var (embed, heads) = (r.Dimensions("embed.W_E", 2), r.Dimensions("blocks.0.attn.W_Q", 3));
        const string positions = "pos_embed.W_pos", mlp = "blocks.0.mlp.W_in";
        return new ClassicShapes(layers, embed[0], embed[1], r.Has(positions) ? r.Dimensions(positions, 2)[0] : 0, heads[0], heads[2],
            r.Has(mlp) ? r.Dimensions(mlp, 2)[1] : 0, r.Dimensions("unembed.W_U", 2)[1], r.Has("ln_final.w"));
    }
}
