using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>What a run of a <see cref="HookedEncoder"/> gives: the stream, and one result for each head the model has.</summary>
/// <param name="Hidden">The stream behind the last block [batch, pos, d_model], normalized.</param>
/// <param name="MaskedLm">Logits of the masked-language-model head [batch, pos, d_vocab], or null.</param>
/// <param name="Pooled">tanh(W x₀ + b) of the first token [batch, d_model], or null where there is no pooler.</param>
/// <param name="NextSentence">Logits [batch, 2] that the second sentence follows the first (0) or not (1), or null.</param>
/// <remarks>The tensors live until this, or the DisposeScope that was open when they were made, is disposed.</remarks>
public sealed record EncoderOutput(Tensor Hidden, Tensor? MaskedLm, Tensor? Pooled, Tensor? NextSentence) : IDisposable
{
    /// <summary>The logits of the model's main head: masked language model where there is one, else next sentence.</summary>
    /// <exception cref="InvalidOperationException">The model has neither head.</exception>
    public Tensor Logits => MaskedLm ?? NextSentence
        ?? throw new InvalidOperationException("the model has no head and so no logits; read Hidden, or load a model with a head");

    /// <inheritdoc/>
    public void Dispose()
    {
        Hidden.Dispose();
        MaskedLm?.Dispose();
        Pooled?.Dispose();
        NextSentence?.Dispose();
    }
}
