namespace Interp.Tokenizers;

/// <summary>
/// Turns text into the token ids that a model reads, and ids back into text.
/// </summary>
/// <remarks>
/// <para><b>Problem.</b> A model sees only integers. Which integers stand for a text is a convention of the model's
/// authors, kept in files beside the weights, and a wrong convention gives wrong results without any error.</para>
/// <para><b>Idea.</b> One type for every convention. <see cref="Encode"/> gives the ids of the text and nothing else:
/// it never adds a beginning-of-sequence token. Whoever wants one writes it (<see cref="BosId"/>), and what the
/// authors put around a text is there to read (<see cref="PrefixIds"/>, <see cref="SuffixIds"/>).</para>
/// <code>
/// var tokenizer = TokenizerLoader.Load("path/to/gpt2");
/// long[] ids = tokenizer.Encode("Hello world");                          // 15496, 995
/// string text = tokenizer.Decode(ids);                                   // "Hello world"
/// string[] shown = ids.Select(tokenizer.TokenText).ToArray();            // "Hello", " world"
/// long[] withBos = [tokenizer.BosId!.Value, .. ids];                     // the only way to a BOS
/// </code>
/// <para>Text is Unicode. A .NET string may hold half of a surrogate pair, which is no character; every
/// implementation reads it as U+FFFD, the replacement character. Ids are int64, as in the tensors they become.
/// All members are safe to call from several threads at once.</para>
/// </remarks>
public abstract class Tokenizer
{
    /// <summary>What kind of tokenizer this is, in words for a person: <c>byte-level BPE</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>One more than the largest id. A model's embedding may have more rows (padding), never fewer.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The ids of a text; no BOS and no other token that the text does not spell.</summary>
    /// <exception cref="TokenizerException">The vocabulary has no token for a part of the text.</exception>
    public abstract long[] Encode(string text);

    /// <summary>The ids of a text, each with the stretch of the text that it stands for.</summary>
    /// <remarks>The ids are those of <see cref="Encode"/>, in the same order.</remarks>
    /// <exception cref="TokenizerException">As <see cref="Encode"/>.</exception>
    public abstract TokenSpan[] EncodeWithOffsets(string text);

    /// <summary>The text that ids stand for. Bytes that are not UTF-8 come out as U+FFFD.</summary>
    /// <param name="ids">Token ids, in order.</param>
    /// <param name="skipSpecialTokens">Leave out the tokens of <see cref="SpecialTokens"/>.</param>
    /// <exception cref="TokenizerException">An id has no token.</exception>
    public abstract string Decode(ReadOnlySpan<long> ids, bool skipSpecialTokens = false);

    /// <summary>
    /// What a researcher sees for one token: its text with its leading space; bytes that are not UTF-8 on their own
    /// as <c>&lt;0xE2&gt;</c>; <c>[no token 50300]</c> for an id without one (models pad their vocabularies).
    /// </summary>
    public abstract string TokenText(long id);

    /// <summary>The id of a token in the vocabulary's spelling (<c>Ġthe</c>), or null.</summary>
    public abstract long? TokenToId(string token);

    /// <summary>The vocabulary's own spelling of an id, or null where the id has no token.</summary>
    public abstract string? IdToToken(long id);

    /// <summary>Beginning of sequence, or null where the files name none.</summary>
    public long? BosId => SpecialIds.Bos;

    /// <summary>End of sequence, or null where the files name none.</summary>
    public long? EosId => SpecialIds.Eos;

    /// <summary>Padding, or null where the files name none.</summary>
    public long? PadId => SpecialIds.Pad;

    /// <summary>Unknown text, or null where the files name none.</summary>
    public long? UnkId => SpecialIds.Unk;

    /// <summary>The ids with a role of their own.</summary>
    public abstract SpecialIds SpecialIds { get; }

    /// <summary>Tokens that are marks, not text (<c>&lt;|endoftext|&gt;</c>), with their ids.</summary>
    public abstract IReadOnlyDictionary<string, long> SpecialTokens { get; }

    /// <summary>Ids that the authors' own pipeline puts before a text; <see cref="Encode"/> does not.</summary>
    /// <value>Empty unless the files ask for some.</value>
    public virtual IReadOnlyList<long> PrefixIds => [];

    /// <summary>Ids that the authors' own pipeline puts after a text; <see cref="Encode"/> does not.</summary>
    /// <value>Empty unless the files ask for some.</value>
    public virtual IReadOnlyList<long> SuffixIds => [];

    private protected static string NoTokenText(long id) => $"[no token {id}]";

    private protected TokenizerException NoToken(long id) =>
        new($"decode: id {id} has no token; this {Kind} vocabulary has ids 0 to {VocabularySize - 1}");
}
