using Interp.Tensors;
using Interp.Tokenizers;
using Interp.Tokenizers.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

// Text as tokens, and tokens as text. Where prependBos is null, Text.Default decides, which says why.
public sealed partial class HookedTransformer
{
    private readonly TextTokens? textTokens;

    /// <summary>
    /// Text and tokens of this model: the one place that decides what stands before a text. The methods here are its
    /// methods with tensors, and with the model's own default for BOS (<see cref="TextTokens.Default"/>).
    /// </summary>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    public TextTokens Text => textTokens ?? throw new InvalidOperationException(
        $"{Config.ModelName} has no tokenizer: {TokenizerNote ?? "there is none beside its files, or it was not loaded"}; "
        + "give token ids, or load a model with a tokenizer");

    /// <summary>The tokens of a text, int64 [1, pos] on the model's device; TransformerLens's
    /// <c>to_tokens</c>.</summary>
    /// <param name="text">The text. It is never cut: a text that is longer than the context is an error when it is
    /// run.</param>
    /// <param name="prependBos">Whether <see cref="TextTokens.Before"/> comes first; null:
    /// <see cref="TextTokens.Default"/>.</param>
    /// <exception cref="TokenizerException">A BOS was asked for and there is none, or it would stand there twice; or
    /// the vocabulary has no token for a part of the text.</exception>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    public Tensor ToTokens(string text, bool? prependBos = null)
    {
        var ids = Text.ToTokens(text, Prepends(prependBos));
        return torch.tensor(ids, [1, ids.Length], device: Device);
    }

    /// <summary>Several texts as one batch with its padding mask; every run takes it whole.</summary>
    /// <param name="texts">At least one.</param>
    /// <param name="prependBos">Whether <see cref="TextTokens.Before"/> comes first in each; null:
    /// <see cref="TextTokens.Default"/>.</param>
    /// <param name="side">Which side is filled up; <value>Right</value>, as in TransformerLens, so that all texts
    /// begin at position 0. <see cref="Generate(IReadOnlyList{string}, GenerateOptions, bool?, CancellationToken)"/>
    /// pads on the left.</param>
    /// <param name="padId">What with; null: the tokenizer's padding token, else its end, else its BOS token. Nobody
    /// sees it where the mask is given.</param>
    /// <exception cref="TokenizerException">A text has no tokens, or there is nothing to fill up with.</exception>
    public TokenBatch ToBatch(
        IReadOnlyList<string> texts, bool? prependBos = null, PaddingSide side = PaddingSide.Right, long? padId = null)
    {
        var roles = Text.Tokenizer.SpecialIds;
        return Text.ToBatch(texts, Prepends(prependBos), side, padId ?? roles.Pad ?? roles.Eos ?? roles.Bos);
    }

    /// <summary>The tokens of a text as strings, with their leading spaces; TransformerLens's
    /// <c>to_str_tokens</c>.</summary>
    /// <inheritdoc cref="ToTokens(string, bool?)" path="/param"/>
    /// <inheritdoc cref="ToTokens(string, bool?)" path="/exception"/>
    public string[] ToStringTokens(string text, bool? prependBos = null) =>
        Text.ToStringTokens(text, Prepends(prependBos));

    /// <summary>Tokens as strings.</summary>
    /// <param name="tokens">Integers [pos] or [1, pos].</param>
    /// <exception cref="ArgumentException">They are no single sequence.</exception>
    public string[] ToStringTokens(Tensor tokens) => Text.ToStringTokens(OneRow(tokens));

    /// <summary>The id of a text that is one token, such as <c>" Mary"</c>; TransformerLens's
    /// <c>to_single_token</c>.</summary>
    /// <exception cref="TokenizerException">It is none or several; the message shows them.</exception>
    public long ToSingleToken(string text) => Text.ToSingleToken(text);

    /// <summary>One token as a string; TransformerLens's <c>to_single_str_token</c>.</summary>
    public string ToSingleStringToken(long id) => Text.Tokenizer.TokenText(id);

    /// <summary>The text of one sequence, marks such as BOS included; TransformerLens's <c>to_string</c>.</summary>
    /// <param name="tokens">Integers [pos] or [1, pos].</param>
    /// <exception cref="ArgumentException">They are no single sequence.</exception>
    /// <exception cref="TokenizerException">An id has no token.</exception>
    public string ToText(Tensor tokens) => Text.ToText(OneRow(tokens));

    /// <summary>The text of every sequence of a batch.</summary>
    /// <param name="tokens">Integers [batch, pos].</param>
    /// <exception cref="TokenizerException">An id has no token.</exception>
    public string[] ToTexts(Tensor tokens) =>
        [.. InputChecks.TokenRows(tokens, this).Select(row => Text.ToText(row))];

    /// <summary>The position of a token in the model's input; TransformerLens's <c>get_token_position</c>.</summary>
    /// <param name="token">A text that is one token.</param>
    /// <param name="text">The text to look in.</param>
    /// <param name="which">Which one, where it stands there several times.</param>
    /// <param name="prependBos">Whether <see cref="TextTokens.Before"/> comes first, which shifts every position; null:
    /// <see cref="TextTokens.Default"/>.</param>
    /// <exception cref="TokenizerException">It is not one token, or not in the text.</exception>
    public int GetTokenPosition(
        string token, string text, Occurrence which = Occurrence.First, bool? prependBos = null) =>
        Text.Position(token, text, Prepends(prependBos), which);

    /// <summary>The position of a token among tokens.</summary>
    /// <param name="token">A text that is one token.</param>
    /// <param name="tokens">Integers [pos] or [1, pos].</param>
    /// <param name="which">Which one, where it stands there several times.</param>
    /// <exception cref="TokenizerException">It is not one token, or not there.</exception>
    public int GetTokenPosition(string token, Tensor tokens, Occurrence which = Occurrence.First) =>
        Text.Position(ToSingleToken(token), OneRow(tokens), which);

    /// <summary>The positions of the tokens that a stretch of a text lies in, first and last; it may be several
    /// tokens.</summary>
    /// <param name="part">A stretch of the text; it need not begin or end with a token.</param>
    /// <param name="text">The text to look in.</param>
    /// <param name="which">Which one, where it stands there several times.</param>
    /// <param name="prependBos">As in <see cref="GetTokenPosition(string, string, Occurrence, bool?)"/>.</param>
    /// <exception cref="TokenizerException">It is empty, not in the text, or no token covers it.</exception>
    public (int First, int Last) GetTokenPositions(
        string part, string text, Occurrence which = Occurrence.First, bool? prependBos = null) =>
        Text.Positions(part, text, Prepends(prependBos), which);

    /// <summary>Every token of a text with its position and its offsets into the text.</summary>
    /// <inheritdoc cref="ToTokens(string, bool?)" path="/param"/>
    /// <inheritdoc cref="ToTokens(string, bool?)" path="/exception"/>
    public TextToken[] LocateTokens(string text, bool? prependBos = null) => Text.Locate(text, Prepends(prependBos));

    private bool Prepends(bool? asked) => asked ?? Text.Default.Prepends;

    private long[] OneRow(Tensor tokens) => InputChecks.TokenRows(tokens, this) is [var only]
        ? only
        : throw new ArgumentException(
            $"tokens [{string.Join(", ", tokens.shape)}] are several sequences; give one, tokens[0], or use ToTexts");
}
