using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>All weights of a <see cref="HookedEncoderDecoder"/>.</summary>
/// <param name="Embed">Token embedding of both sides [d_vocab, d_model].</param>
/// <param name="Encoder">The encoder.</param>
/// <param name="Decoder">The decoder.</param>
/// <param name="Unembed">d_model → d_vocab; tied weights are a transposed view of the embedding.</param>
public sealed record EncoderDecoderWeights(Tensor Embed, EncoderDecoderStackWeights Encoder, EncoderDecoderStackWeights Decoder, LinearWeights Unembed)
{
    /// <summary>Every tensor with its name; a tied unembedding is not a weight of its own and is left out.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Named() => Slots(null).Select(slot => (slot.Name, slot.Tensor));

    /// <summary>Every tensor, its name and the shape that a configuration asks for.</summary>
    internal IEnumerable<WeightSlot> Slots(HookedEncoderDecoderConfig? c)
    {
        long width = c?.DModel ?? 0, vocabulary = c?.DVocab ?? 0;
        IEnumerable<WeightSlot> slots =
        [
            new("embed.W_E", Embed, [vocabulary, width]),
            .. Encoder.Slots("encoder", c),
            .. Decoder.Slots("decoder", c),
            .. WeightSlot.Of("unembed.W_U", "unembed.b_U", Unembed, width, vocabulary),
        ];
        return slots.Where(slot => !ReferenceEquals(slot.Tensor, Unembed.Weight) || !slot.Tensor.SharesMemoryWith(Embed));
    }
}
