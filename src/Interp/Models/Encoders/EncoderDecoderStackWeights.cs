using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>The weights of an encoder or of a decoder.</summary>
/// <param name="RelativeBias">What every kind of distance adds to the scores of every head [buckets, head], in all layers.</param>
/// <param name="Blocks">One a layer.</param>
/// <param name="FinalNorm">The norm behind the last block.</param>
public sealed record EncoderDecoderStackWeights(Tensor RelativeBias, IReadOnlyList<EncoderDecoderBlockWeights> Blocks, NormWeights FinalNorm)
{
    internal IEnumerable<WeightSlot> Slots(string name, HookedEncoderDecoderConfig? c)
    {
        var (width, inner, heads) = (c?.DModel ?? 0L, c is null ? 0L : (long)c.NHeads * c.DHead, c?.NHeads ?? 0L);
        yield return new($"{name}.0.attn.rel_attn_bias", RelativeBias, [c?.RelativeAttentionNumBuckets ?? 0, heads]);
        for (var layer = 0; layer < Blocks.Count; layer++)
            foreach (var slot in OfBlock($"{name}.{layer}.", Blocks[layer], width, inner, c?.DMlp ?? 0)) yield return slot;
        foreach (var slot in WeightSlot.Of(name + "_final_ln", FinalNorm, width)) yield return slot;
    }

    private static IEnumerable<WeightSlot> OfBlock(string prefix, EncoderDecoderBlockWeights block, long width, long inner, long neurons) =>
    [
        .. WeightSlot.Of(prefix + "ln1", block.Ln1, width),
        .. WeightSlot.Of(prefix + "attn.", block.Attention, width, inner),
        .. WeightSlot.Of(prefix + "ln2", block.Ln2, width),
        .. block.CrossAttention is { } cross ? WeightSlot.Of(prefix + "cross_attn.", cross, width, inner) : [],
        .. WeightSlot.Of(prefix + "ln3", block.Ln3, width),
        .. WeightSlot.Of(prefix + "mlp.", block.Mlp, width, neurons),
    ];
}
