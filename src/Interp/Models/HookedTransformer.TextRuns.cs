using Interp.Hooks;
using Interp.Tensors;
using Interp.Tokenizers;
using Interp.Tokenizers.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

// Runs on texts: what ToTokens and ToBatch make of them goes into the runs on tokens.
public sealed partial class HookedTransformer
{
    /// <summary>Runs the model on a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">Layers, positions.</param>
    /// <param name="prependBos">Whether a BOS stands in front; null: the model's default
    /// (<see cref="TextTokens.Default"/>).</param>
    /// <returns>Logits [1, pos, outputs]; a BOS in front has a position too.</returns>
    /// <exception cref="TokenizerException">The text cannot be turned into tokens; the message says why.</exception>
    public Tensor Forward(string text, ForwardOptions? options = null, bool? prependBos = null)
    {
        using var tokens = ToTokens(text, prependBos);
        return Forward(tokens, options);
    }

    /// <summary>Runs the model on a batch of texts, its padding hidden.</summary>
    /// <param name="batch">What <see cref="ToBatch"/> made.</param>
    /// <param name="options">Layers, positions; the padding mask is the batch's.</param>
    /// <returns>Logits [batch, pos, outputs]; those at padding mean nothing, <see cref="TokenBatch.Last"/> says where
    /// texts end.</returns>
    public Tensor Forward(TokenBatch batch, ForwardOptions? options = null)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Forward(batch.ToTokens(Device), Masked(batch, options)));
    }

    /// <summary>Runs the model on a text, with a BOS where that is its default, and keeps activations.</summary>
    /// <param name="text">The text; for another choice of BOS give <c>ToTokens(text, prependBos: …)</c>.</param>
    /// <param name="names">Names, patterns or short forms; none keeps everything but the points that exist only on
    /// demand.</param>
    /// <returns>Logits [1, pos, outputs] and the activations.</returns>
    /// <exception cref="HookException">A name is unknown; the message lists the nearest.</exception>
    public (Tensor Logits, ActivationCache Cache) RunWithCache(string text, params string[] names) =>
        RunWithCache(ToTokens(text), names);

    /// <summary>Runs the model on a batch of texts, its padding hidden, and keeps activations.</summary>
    /// <param name="batch">What <see cref="ToBatch"/> made.</param>
    /// <param name="names">Names, patterns or short forms; none keeps everything but the points that exist only on
    /// demand.</param>
    /// <returns>Logits [batch, pos, outputs] and the activations.</returns>
    /// <exception cref="HookException">A name is unknown; the message lists the nearest.</exception>
    public (Tensor Logits, ActivationCache Cache) RunWithCache(TokenBatch batch, params string[] names)
    {
        var options = Masked(batch, null);
        using var mask = options.PaddingMask;
        return RunWithCache(batch.ToTokens(Device), names, [], options);
    }

    /// <summary>Runs the model on a text, with a BOS where that is its default, with functions at hook
    /// points.</summary>
    /// <param name="text">The text; for another choice of BOS give <c>ToTokens(text, prependBos: …)</c>.</param>
    /// <param name="hooks">Pairs of a name, or pattern, and a function.</param>
    /// <returns>Logits [1, pos, outputs].</returns>
    /// <exception cref="HookException">A name is unknown, or a function returned a value that does not fit.</exception>
    public Tensor RunWithHooks(string text, params Hook[] hooks) => RunWithHooks(ToTokens(text), hooks);

    /// <summary>The mean of <see cref="LossPerToken"/> over a text: one number, in nats.</summary>
    /// <param name="text">The text, of at least two tokens.</param>
    /// <param name="prependBos">Whether a BOS stands in front, so that the first token is predicted too; null: the
    /// model's default.</param>
    public Tensor Loss(string text, bool? prependBos = null)
    {
        using var tokens = ToTokens(text, prependBos);
        return Loss(tokens);
    }

    /// <summary>Continues a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">How many tokens, how they are chosen; its mask must be null.</param>
    /// <param name="prependBos">Whether a BOS stands in front; null: the model's default
    /// (<see cref="TextTokens.Default"/>).</param>
    /// <param name="cancellation">Stops between two tokens.</param>
    /// <returns>The text with its continuation, without the BOS in front and the end token behind.</returns>
    /// <exception cref="TokenizerException">The text cannot be turned into tokens; the message says why.</exception>
    public string Generate(
        string text, GenerateOptions? options = null, bool? prependBos = null,
        CancellationToken cancellation = default) =>
        Generate([text], options, prependBos, cancellation)[0];

    /// <summary>Continues several texts at once, padded on the left; each as if it were alone.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">How many tokens, how they are chosen; its mask must be null.</param>
    /// <param name="prependBos">Whether a BOS stands in front; null: the model's default
    /// (<see cref="TextTokens.Default"/>).</param>
    /// <param name="cancellation">Stops between two tokens.</param>
    /// <returns>Every text with its continuation, without the BOS in front and the end token behind.</returns>
    /// <exception cref="TokenizerException">A text cannot be turned into tokens; the message says why.</exception>
    public string[] Generate(
        IReadOnlyList<string> texts, GenerateOptions? options = null, bool? prependBos = null,
        CancellationToken cancellation = default)
    {
        options ??= new GenerateOptions();
        if (options.PaddingMask is not null)
            throw new ArgumentException(
                "generate: PaddingMask is for tokens; for texts the padding and its mask are made here");
        var batch = ToBatch(texts, prependBos, PaddingSide.Left);
        using var scope = torch.NewDisposeScope();
        var even = batch.Lengths.All(length => length == batch.Lengths[0]);
        options = options with { PaddingMask = even ? null : batch.ToMask(Device) };
        var all = InputChecks.TokenRows(Generate(batch.ToTokens(Device), options, cancellation), this);
        var end = options.StopAtEos ? options.EosTokenId ?? Config.EosTokenId : null;
        return [.. all.Select((row, k) => Continued(texts[k], row[batch.Ids.GetLength(1)..], end))];
    }

    /// <summary>A text with new tokens behind it, up to the end token.</summary>
    private string Continued(string text, long[] added, long? end)
    {
        var ended = end is { } id ? Array.IndexOf(added, id) : -1;
        return Text.ToText([.. Text.ToTokens(text, prependBos: false), .. ended < 0 ? added : added[..ended]]);
    }

    private ForwardOptions Masked(TokenBatch batch, ForwardOptions? options)
    {
        options ??= ForwardOptions.Default;
        if (options.PaddingMask is not null)
            throw new ArgumentException(
                "the options have a padding mask and the batch has its own; give the batch's tokens with your mask");
        return options with { PaddingMask = batch.ToMask(Device) };
    }
}
