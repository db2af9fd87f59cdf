using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>All weights of a <see cref="HookedEncoder"/>.</summary>
/// <param name="Embed">Token embedding [d_vocab, d_model].</param>
/// <param name="PosEmbed">Position embedding [rows, d_model]; see <see cref="HookedEncoderConfig.PositionRows"/>.</param>
/// <param name="TypeEmbed">Embedding of the kinds of tokens [types, d_model], or null.</param>
/// <param name="EmbedNorm">The norm of the sum of the three.</param>
/// <param name="Blocks">One a layer.</param>
public sealed record EncoderWeights(Tensor Embed, Tensor PosEmbed, Tensor? TypeEmbed, NormWeights EmbedNorm,
    IReadOnlyList<EncoderBlockWeights> Blocks)
{
    /// <summary>The masked-language-model head, or null.</summary>
    public MaskedLmWeights? MaskedLm { get; init; }

    /// <summary>What reads the first token, d_model → d_model, or null.</summary>
    public LinearWeights? Pooler { get; init; }

    /// <summary>From the pooled first token to 2 logits, or null; it needs a pooler.</summary>
    public LinearWeights? NextSentence { get; init; }

    /// <summary>Every tensor with its name; a tied unembedding is not a weight of its own and is left out.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Named() => Slots(null).Select(slot => (slot.Name, slot.Tensor));

    /// <summary>Every tensor, its name and the shape that a configuration asks for.</summary>
    internal IEnumerable<WeightSlot> Slots(HookedEncoderConfig? c)
    {
        long width = c?.DModel ?? 0, vocabulary = c?.DVocab ?? 0;
        yield return new("embed.embed.W_E", Embed, [vocabulary, width]);
        yield return new("embed.pos_embed.W_pos", PosEmbed, [c?.PositionRows ?? 0, width]);
        if (TypeEmbed is not null) yield return new("embed.token_type_embed.W_token_type", TypeEmbed, [c?.TokenTypes ?? 0, width]);
        foreach (var slot in WeightSlot.Of("embed.ln", EmbedNorm, width)) yield return slot;
        for (var layer = 0; layer < Blocks.Count; layer++)
            foreach (var slot in OfBlock(Blocks[layer], $"blocks.{layer}.", c)) yield return slot;
        foreach (var slot in OfHeads(width, vocabulary)) yield return slot;
    }

    private static IEnumerable<WeightSlot> OfBlock(EncoderBlockWeights block, string prefix, HookedEncoderConfig? c) =>
    [
        .. WeightSlot.Of(prefix + "attn.", block.Attention, c?.DModel ?? 0, c is null ? 0 : (long)c.NHeads * c.DHead),
        .. WeightSlot.Of(prefix + "ln1", block.Ln1, c?.DModel ?? 0),
        .. WeightSlot.Of(prefix + "mlp.", block.Mlp, c?.DModel ?? 0, c?.DMlp ?? 0),
        .. WeightSlot.Of(prefix + "ln2", block.Ln2, c?.DModel ?? 0),
    ];

    private IEnumerable<WeightSlot> OfHeads(long width, long vocabulary)
    {
        IEnumerable<WeightSlot> slots =
        [
            .. WeightSlot.Of("mlm_head.W", "mlm_head.b", MaskedLm?.Transform, width, width),
            .. WeightSlot.Of("mlm_head.ln", MaskedLm?.Ln, width),
            .. WeightSlot.Of("unembed.W_U", "unembed.b_U", MaskedLm?.Unembed, width, vocabulary),
            .. WeightSlot.Of("pooler.W", "pooler.b", Pooler, width, width),
            .. WeightSlot.Of("nsp_head.W", "nsp_head.b", NextSentence, width, 2),
        ];
        return slots.Where(slot => !ReferenceEquals(slot.Tensor, MaskedLm?.Unembed.Weight) || !slot.Tensor.SharesMemoryWith(Embed));
    }
}
