using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>What a run of a <see cref="HookedEncoderDecoder"/> gives.</summary>
/// <param name="Logits">What comes next after every token of the decoder [batch, decoder_pos, d_vocab].</param>
/// <param name="EncoderHidden">What the decoder read: the encoder's stream behind its last norm [batch, pos, d_model].</param>
/// <remarks>The tensors live until this, or the DisposeScope that was open when they were made, is disposed.</remarks>
public sealed record EncoderDecoderOutput(Tensor Logits, Tensor EncoderHidden) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Logits.Dispose();
        EncoderHidden.Dispose();
    }
}
