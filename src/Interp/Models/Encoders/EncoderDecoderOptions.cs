using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>How to run a <see cref="HookedEncoderDecoder"/>, beyond the tokens.</summary>
public sealed record EncoderDecoderOptions
{
    /// <summary>Nothing special.</summary>
    public static EncoderDecoderOptions Default { get; } = new();

    /// <summary>Bool or integer [batch, pos], 0 for padding, which neither encoder nor decoder sees. Null: everything is real.</summary>
    public Tensor? PaddingMask { get; init; }

    /// <summary>The same of the decoder's tokens.</summary>
    public Tensor? DecoderPaddingMask { get; init; }
}
