namespace Interp.Tokenizers.Text;

/// <summary>
/// Text and tokens as researchers use them: ids with or without what stands before a text, tokens as strings, single
/// tokens, and where in the model's input a part of the text lies.
/// </summary>
/// <remarks>
/// <para><b>Problem.</b> Whether a beginning-of-sequence token stands in front changes every activation and shifts
/// every position by one. Where that is decided in several places, or by a default, results differ without a word.
/// </para>
/// <para><b>Idea.</b> It is decided here and nowhere else. Every method asks for it; <see cref="Before"/> is what
/// <c>prependBos: true</c> puts in front. What a model uses where its caller does not say is <see cref="Default"/>,
/// with the reason: its tokenizer's files decide (the post-processor, <c>add_bos_token</c>), as they do in
/// transformers; only where they ask for nothing the model's configuration does. (TransformerLens puts a BOS before
/// every text of nearly every model, GPT-2's included, whose files ask for none.)</para>
/// <code>
/// var text = new TextTokens(tokenizer);
/// long[] ids = text.ToTokens("The Eiffel Tower is in", prependBos: true);
/// string[] shown = text.ToStringTokens("The Eiffel Tower is in", prependBos: true);
/// long paris = text.ToSingleToken(" Paris");
/// int tower = text.Position(" Tower", "The Eiffel Tower is in", prependBos: true);
/// var (from, to) = text.Positions("Eiffel Tower", "The Eiffel Tower is in", prependBos: true);
/// </code>
/// </remarks>
public sealed class TextTokens
{
    /// <param name="tokenizer">What turns text into ids.</param>
    /// <param name="before">What <c>prependBos: true</c> puts before a text; null: the ids that the authors' own
    /// pipeline puts there (<see cref="Tokenizer.PrefixIds"/>), else the BOS token, else nothing.</param>
    /// <param name="modelAsks">Whether the model's configuration asks for a BOS
    /// (<see cref="Interp.Models.HookedTransformerConfig.DefaultPrependBos"/>), for <see cref="Default"/>.</param>
    /// <exception cref="TokenizerException">An id of <paramref name="before"/> has no token.</exception>
    public TextTokens(Tokenizer tokenizer, IReadOnlyList<long>? before = null, bool modelAsks = false)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        Tokenizer = tokenizer;
        Before = before ?? (tokenizer.PrefixIds.Count > 0 ? tokenizer.PrefixIds : tokenizer.BosId is { } bos ? [bos] : []);
        foreach (var id in Before)
            if (tokenizer.IdToToken(id) is null)
                throw new TokenizerException($"text tokens: id {id} to put before texts has no token; ids are 0 to "
                    + $"{tokenizer.VocabularySize - 1}");
        Default = DefaultOf(tokenizer, before, modelAsks);
    }

    /// <summary>What turns text into ids.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>What <c>prependBos: true</c> puts before a text.</summary>
    public IReadOnlyList<long> Before { get; }

    /// <summary>Whether a text begins with <see cref="Before"/> where the caller does not say, and why.</summary>
    public BosDefault Default { get; }

    /// <summary>The ids of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="prependBos">Whether <see cref="Before"/> comes first.</param>
    /// <exception cref="TokenizerException">Nothing is known to put in front; or the text spells it already, so that it
    /// would stand there twice; or the vocabulary has no token for a part of the text.</exception>
    public long[] ToTokens(string text, bool prependBos)
    {
        var ids = Tokenizer.Encode(text);
        return [.. Front(prependBos, ids), .. ids];
    }

    /// <summary>The tokens of a text as strings, with their leading spaces.</summary>
    /// <inheritdoc cref="ToTokens" path="/param"/>
    /// <inheritdoc cref="ToTokens" path="/exception"/>
    public string[] ToStringTokens(string text, bool prependBos) => ToStringTokens(ToTokens(text, prependBos));

    /// <summary>Each id as a string.</summary>
    public string[] ToStringTokens(IEnumerable<long> ids) => [.. ids.Select(Tokenizer.TokenText)];

    /// <summary>The text that ids stand for, marks included.</summary>
    /// <exception cref="TokenizerException">An id has no token.</exception>
    public string ToText(ReadOnlySpan<long> ids) => Tokenizer.Decode(ids);

    /// <summary>The id of a text that is one token, such as <c>" Paris"</c>.</summary>
    /// <exception cref="TokenizerException">It is none or several; the message shows them, and whether a leading space
    /// would make it one.</exception>
    public long ToSingleToken(string text)
    {
        var ids = Tokenizer.Encode(text);
        if (ids is [var only]) return only;
        var shown = string.Join(", ", ids.Take(8).Select(id => $"'{Tokenizer.TokenText(id)}'")) + (ids.Length > 8 ? ", …" : "");
        var other = text.StartsWith(' ') ? text[1..] : " " + text;
        var hint = text.Length > 0 && other.Length > 0 && IsSingle(other) ? $"; '{other}' is one token" : "";
        throw new TokenizerException(
            $"single token: '{NearestTokens.Shortened(text)}' is {ids.Length} tokens ({shown}); expected one{hint}");
    }

    /// <summary>Every token of a text with its position and the part of the text that it stands for.</summary>
    /// <inheritdoc cref="ToTokens" path="/param"/>
    /// <inheritdoc cref="ToTokens" path="/exception"/>
    public TextToken[] Locate(string text, bool prependBos)
    {
        var spans = Tokenizer.EncodeWithOffsets(text);
        var front = Front(prependBos, [.. spans.Select(span => span.Id)]).Select(id => new TokenSpan(id, 0, 0));
        return [.. front.Concat(spans).Select((span, position) =>
            new TextToken(position, span.Id, Tokenizer.TokenText(span.Id), span.Start, span.End))];
    }

    /// <summary>The position of a token in the model's input.</summary>
    /// <param name="token">A text that is one token.</param>
    /// <param name="text">The text to look in.</param>
    /// <param name="prependBos">Whether <see cref="Before"/> comes first, which shifts every position.</param>
    /// <param name="which">Which one, where it stands there several times.</param>
    /// <exception cref="TokenizerException">It is not one token, or not in the text.</exception>
    public int Position(string token, string text, bool prependBos, Occurrence which = Occurrence.First) =>
        Position(ToSingleToken(token), ToTokens(text, prependBos), which);

    /// <summary>The position of an id among ids.</summary>
    /// <exception cref="TokenizerException">It is not there.</exception>
    public int Position(long id, ReadOnlySpan<long> ids, Occurrence which = Occurrence.First)
    {
        var at = which == Occurrence.First ? ids.IndexOf(id) : ids.LastIndexOf(id);
        return at >= 0 ? at : throw new TokenizerException(
            $"token position: token '{Tokenizer.TokenText(id)}' ({id}) is not among the {ids.Length} tokens");
    }

    /// <summary>The positions of the tokens that a part of the text lies in, first and last.</summary>
    /// <param name="part">A stretch of the text; it need not begin or end with a token.</param>
    /// <param name="text">The text to look in.</param>
    /// <param name="prependBos">Whether <see cref="Before"/> comes first, which shifts every position.</param>
    /// <param name="which">Which one, where it stands there several times.</param>
    /// <exception cref="TokenizerException">It is empty, not in the text, or no token covers it.</exception>
    public (int First, int Last) Positions(
        string part, string text, bool prependBos, Occurrence which = Occurrence.First)
    {
        ArgumentNullException.ThrowIfNull(part);
        var start = part.Length == 0 ? -1
            : which == Occurrence.First ? text.IndexOf(part, StringComparison.Ordinal)
            : text.LastIndexOf(part, StringComparison.Ordinal);
        if (start < 0)
            throw new TokenizerException($"token positions: '{NearestTokens.Shortened(part)}' is not in the text; it must "
                + "be spelled as the text spells it, spaces and case included");
        var covered = Locate(text, prependBos)
            .Where(token => token.Start < start + part.Length && token.End > start).Select(token => token.Position).ToArray();
        return covered.Length > 0 ? (covered[0], covered[^1]) : throw new TokenizerException(
            $"token positions: no token covers '{NearestTokens.Shortened(part)}'; the tokenizer drops it");
    }

    /// <summary>Several texts as one batch, filled up to the longest.</summary>
    /// <param name="texts">At least one.</param>
    /// <param name="prependBos">Whether <see cref="Before"/> comes first in each.</param>
    /// <param name="side">Which side is filled up.</param>
    /// <param name="padId">What with; null: the tokenizer's padding token.</param>
    /// <exception cref="TokenizerException">There is nothing to fill up with, or a text cannot be encoded.</exception>
    public TokenBatch ToBatch(IReadOnlyList<string> texts, bool prependBos, PaddingSide side, long? padId = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0) throw new ArgumentException("batch: no texts; expected at least one", nameof(texts));
        var rows = texts.Select(text => ToTokens(text, prependBos)).ToArray();
        if (Array.FindIndex(rows, row => row.Length == 0) is >= 0 and var empty)
            throw new TokenizerException($"batch: text {empty} has no tokens; a model needs at least one in every row");
        var even = rows.All(row => row.Length == rows[0].Length);
        var pad = padId ?? Tokenizer.PadId ?? (even ? 0 : throw new TokenizerException(
            $"batch: texts of {rows.Min(row => row.Length)} to {rows.Max(row => row.Length)} tokens need padding, and this "
            + "tokenizer names no padding token; pass padId (any id will do where the model is given the mask)"));
        return new TokenBatch(rows, side, pad);
    }

    private static BosDefault DefaultOf(Tokenizer tokenizer, IReadOnlyList<long>? given, bool modelAsks)
    {
        if (given is not null) return new BosDefault(given.Count > 0, "the caller said what stands before texts");
        if (tokenizer.PrefixIds.Count > 0) return new BosDefault(true, "the tokenizer's files ask for it");
        if (!modelAsks) return new BosDefault(false, "neither the tokenizer's files nor the model's configuration ask for one");
        return tokenizer.BosId is not null
            ? new BosDefault(true, "the model's configuration asks for it")
            : new BosDefault(false, "the model's configuration asks for one, but the tokenizer's files name none");
    }

    private bool IsSingle(string text)
    {
        try
        {
            return Tokenizer.Encode(text).Length == 1;
        }
        catch (TokenizerException)
        {
            return false;
        }
    }

    private IReadOnlyList<long> Front(bool prependBos, ReadOnlySpan<long> ids)
    {
        if (!prependBos) return [];
        if (Before.Count == 0)
            throw new TokenizerException("to tokens: a BOS was asked for, but the tokenizer's files name no BOS token; ask for "
                + "none (prependBos: false), or make TextTokens with the ids to put in front");
        return !ids.StartsWith(Before.ToArray()) ? Before : throw new TokenizerException(
            $"to tokens: the text itself begins with '{Tokenizer.TokenText(Before[0])}', and a BOS in front would be the second; "
            + "leave it out of the text, or ask for none (prependBos: false, --no-bos)");
    }
}
