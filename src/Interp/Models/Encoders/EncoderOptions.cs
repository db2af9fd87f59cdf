using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>How to run a <see cref="HookedEncoder"/>, beyond the tokens.</summary>
public sealed record EncoderOptions
{
    /// <summary>Nothing special.</summary>
    public static EncoderOptions Default { get; } = new();

    /// <summary>Bool or integer [batch, pos], 0 for padding, which is seen by nobody. Null: everything is real.</summary>
    /// <remarks>
    /// It does not move positions: they are counted as the model was trained, from the first token (BERT, DistilBERT), or
    /// over the tokens that are not the padding token (RoBERTa).
    /// </remarks>
    public Tensor? PaddingMask { get; init; }

    /// <summary>Integers [batch, pos], which sentence a token belongs to; null for 0 everywhere.</summary>
    public Tensor? TokenTypes { get; init; }
}
