namespace Interp.Models.Encoders;

/// <summary>The weights of a block with the norms behind attention and MLP.</summary>
/// <param name="Attention">Attention.</param>
/// <param name="Ln1">The norm behind attention.</param>
/// <param name="Mlp">The MLP.</param>
/// <param name="Ln2">The norm behind the MLP.</param>
public sealed record EncoderBlockWeights(AttentionWeights Attention, NormWeights Ln1, MlpWeights Mlp, NormWeights Ln2);
