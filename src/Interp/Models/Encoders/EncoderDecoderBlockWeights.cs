namespace Interp.Models.Encoders;

/// <summary>The weights of a block of an encoder–decoder; the norms stand before what they are for.</summary>
/// <param name="Ln1">The norm before attention.</param>
/// <param name="Attention">Attention to the block's own stream.</param>
/// <param name="Ln2">The norm before the MLP in an encoder, before cross attention in a decoder.</param>
/// <param name="Mlp">The MLP.</param>
public sealed record EncoderDecoderBlockWeights(NormWeights Ln1, AttentionWeights Attention, NormWeights Ln2, MlpWeights Mlp)
{
    /// <summary>Attention to the encoder; null in an encoder.</summary>
    public AttentionWeights? CrossAttention { get; init; }

    /// <summary>The norm before the MLP in a decoder; null in an encoder.</summary>
    public NormWeights? Ln3 { get; init; }
}
