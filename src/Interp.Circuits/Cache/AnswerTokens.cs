using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>The tokens whose logits are asked about.</summary>
/// <remarks>
/// Written as what it is: <c>17</c> (one token id for all), <c>" Mary"</c> (one token, looked up in the model's
/// vocabulary), an array (one id a sequence), or an integer tensor [batch], [pos] or [batch, pos].
/// </remarks>
public sealed class AnswerTokens
{
    private readonly string? text;
    private readonly long[]? ids;
    private readonly Tensor? tensor;

    private AnswerTokens(string? text, long[]? ids, Tensor? tensor)
    {
        this.text = text;
        this.ids = ids;
        this.tensor = tensor;
    }

    /// <summary>One token id.</summary>
    public static implicit operator AnswerTokens(int id) => new(null, [id], null);

    /// <summary>A text that is one token.</summary>
    public static implicit operator AnswerTokens(string text) => new(text, null, null);

    /// <summary>One id a sequence.</summary>
    public static implicit operator AnswerTokens(int[] ids) =>
        new(null, null, torch.tensor(ids.Select(id => (long)id).ToArray()));

    /// <summary>One id a sequence.</summary>
    public static implicit operator AnswerTokens(long[] ids) => new(null, null, torch.tensor(ids));

    /// <summary>Integers [batch], [pos] or [batch, pos].</summary>
    public static implicit operator AnswerTokens(Tensor ids) => new(null, null, ids);

    /// <summary>The ids, a tensor of no dimensions for one token.</summary>
    /// <exception cref="ArgumentException">An id is not among the outputs.</exception>
    /// <exception cref="Tokenizers.TokenizerException">The text is not one token.</exception>
    /// <exception cref="InvalidOperationException">There is a text, and the model has no tokenizer.</exception>
    internal Tensor Resolve(HookedTransformer model)
    {
        var found = tensor?.to(ScalarType.Int64, model.Device)
            ?? torch.tensor(text is null ? ids![0] : model.ToSingleToken(text), device: model.Device);
        using var scope = torch.NewDisposeScope();
        var (low, high) = (found.min().ToInt64(), found.max().ToInt64());
        if (low < 0 || high >= model.Config.OutputSize)
            throw new ArgumentException($"token {(low < 0 ? low : high)} is not among the model's " +
                $"{model.Config.OutputSize} outputs");
        return found;
    }
}
