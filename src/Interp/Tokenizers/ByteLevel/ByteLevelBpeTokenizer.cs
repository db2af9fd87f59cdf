using System.Text;
using Interp.Tokenizers.AddedTokens;
using Interp.Tokenizers.Bpe;
using Interp.Tokenizers.Normalization;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.ByteLevel;

/// <summary>
/// Byte-level byte-pair encoding: the tokenizer of GPT-2 (Radford et al. 2019), GPT-NeoX/Pythia, and with other word
/// patterns of Llama 3, Falcon, BLOOM and Qwen.
/// </summary>
/// <remarks>
/// <para><b>Problem.</b> A vocabulary of words leaves some text unknown; a vocabulary of characters makes sequences
/// long.</para>
/// <para><b>Idea.</b> Start from the 256 bytes, which spell every text, and give the most frequent neighbours a token
/// of their own, over and over: <c>l o w</c> becomes <c>lo w</c>, then <c>low</c>. The list of those merges, in the
/// order they were learned, is the tokenizer. Encoding goes through five steps:</para>
/// <list type="number">
/// <item>added tokens (<c>&lt;|endoftext|&gt;</c>) are found in the text and cut out;</item>
/// <item>what is between them is normalized (GPT-2: not at all; Pythia: NFC);</item>
/// <item>it is cut into words, which no merge crosses;</item>
/// <item>each word is written as bytes, each byte as a character that prints;</item>
/// <item>the bytes are merged.</item>
/// </list>
/// <code>
/// var gpt2 = ByteLevelBpeTokenizer.FromVocabAndMerges("vocab.json", "merges.txt");
/// gpt2.Encode(" induction heads");                                       // 28471, 6665
/// gpt2.IdToToken(6665);                                                  // "Ġheads"
/// gpt2.TokenText(6665);                                                  // " heads"
/// </code>
/// <para>Decoding an encoding gives back the text exactly where the normalizer is null, and its normalized form
/// otherwise. <c>truncation</c> and <c>padding</c> of a <c>tokenizer.json</c> are about batches, not about text, and
/// are not applied here; the ids that its <c>post_processor</c> would add are <see cref="PrefixIds"/> and
/// <see cref="SuffixIds"/>. Reference: the Rust <c>tokenizers</c> library; one difference is deliberate: added tokens
/// always decode to their own text, there a few with accented letters do not.</para>
/// </remarks>
public sealed class ByteLevelBpeTokenizer : Tokenizer
{
    private readonly ByteLevelParts parts;
    private readonly Vocabulary vocabulary;
    private readonly Dictionary<long, AddedToken> added;
    private readonly AddedTokenSplitter rawSplitter;
    private readonly AddedTokenSplitter normalizedSplitter;
    private BpePieceEncoder? idleEncoder;

    internal ByteLevelBpeTokenizer(ByteLevelParts parts)
    {
        this.parts = parts;
        vocabulary = parts.WholeVocabulary();
        added = parts.AddedTokens.ToDictionary(token => token.Id);
        rawSplitter = new(parts.AddedTokens.Where(token => !token.Normalized).Select(token => (token.Content, token)));
        normalizedSplitter = new(parts.AddedTokens.Where(token => token.Normalized)
            .Select(token => (Normalized(token.Content), token)));
        SpecialTokens = parts.AddedTokens.Where(token => token.Special)
            .ToDictionary(token => token.Content, token => token.Id);
    }

    /// <summary>Reads a <c>tokenizer.json</c>; the files beside it say which tokens are BOS, EOS, padding.</summary>
    /// <exception cref="TokenizerFormatException">Damaged, or a setting that is not supported.</exception>
    public static ByteLevelBpeTokenizer FromTokenizerJson(string path) => new(TokenizerJsonReader.Read(path));

    /// <summary>Reads GPT-2's own pair of files, with GPT-2's words and no normalizer.</summary>
    /// <exception cref="TokenizerFormatException">Damaged, or not of the byte-level kind.</exception>
    public static ByteLevelBpeTokenizer FromVocabAndMerges(string vocabPath, string mergesPath) =>
        new(VocabMergesReader.Read(vocabPath, mergesPath));

    /// <inheritdoc/>
    public override string Kind => "byte-level BPE";

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Size;

    /// <inheritdoc/>
    public override SpecialIds SpecialIds => parts.SpecialIds;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long> SpecialTokens { get; }

    /// <summary>The tokens found in the text before the merges, special ones among them.</summary>
    public IReadOnlyList<AddedToken> AddedTokens => parts.AddedTokens;

    /// <inheritdoc/>
    public override IReadOnlyList<long> PrefixIds => parts.PrefixIds;

    /// <inheritdoc/>
    public override IReadOnlyList<long> SuffixIds => parts.SuffixIds;

    /// <inheritdoc/>
    public override long[] Encode(string text)
    {
        text = TextRepair.WellFormed(text);
        var ids = new List<long>((text.Length / 3) + 4);
        var encoder = Interlocked.Exchange(ref idleEncoder, null) ?? new BpePieceEncoder(parts.Model);
        encoder.Output = ids;
        var pieces = PreTokenizer.Chain(parts.PreTokenizers, encoder);
        foreach (var (start, end, token) in rawSplitter.Split(text))
        {
            if (token is not null) ids.Add(token.Id);
            else EncodeBetween(Normalized(text[start..end]), pieces, ids);
        }
        Interlocked.Exchange(ref idleEncoder, encoder);
        return [.. ids];
    }

    /// <inheritdoc/>
    /// <exception cref="TokenizerException">Also where the file's steps drop a part of the text.</exception>
    public override TokenSpan[] EncodeWithOffsets(string text)
    {
        text = TextRepair.WellFormed(text);
        var spans = new List<TokenSpan>();
        foreach (var (start, end, token) in rawSplitter.Split(text))
        {
            if (token is not null)
            {
                spans.Add(new TokenSpan(token.Id, start, end));
                continue;
            }
            var between = TrackedText.From(text.AsSpan(start, end - start), start, tracked: true);
            if (parts.NormalizeToNfc) between = FormNormalizer.Composed.Run(between);
            foreach (var (from, to, inner) in normalizedSplitter.Split(between.ToString()))
            {
                var piece = new TrackedText(tracked: true);
                piece.Copy(between, from, to);
                var (first, last) = piece.Origin(0, piece.Length);
                if (inner is not null) spans.Add(new TokenSpan(inner.Id, first, last));
                else AddSpans(piece, spans);
            }
        }
        return [.. spans];
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<long> ids, bool skipSpecialTokens = false)
    {
        var bytes = new MemoryStream(ids.Length * 4);
        foreach (var id in ids)
        {
            if (skipSpecialTokens && added.TryGetValue(id, out var token) && token.Special) continue;
            bytes.Write(BytesOf(id) ?? throw NoToken(id));
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <inheritdoc/>
    public override string TokenText(long id) => BytesOf(id) is { } bytes ? TextRepair.Show(bytes) : NoTokenText(id);

    /// <inheritdoc/>
    public override long? TokenToId(string token) => vocabulary.Find(token);

    /// <inheritdoc/>
    public override string? IdToToken(long id) => vocabulary.Token(id);

    private void AddSpans(TrackedText piece, List<TokenSpan> spans)
    {
        var encoder = new BpePieceEncoder(parts.Model);
        PreTokenizer.Chain(parts.PreTokenizers, encoder).Add(piece.Span);
        var count = spans.Count;
        if (ByteSpans.TryAdd(spans, piece, spaceInFront: false, encoder.Output, Length)) return;
        spans.RemoveRange(count, spans.Count - count);
        if (piece.Span[0] != ' ' && ByteSpans.TryAdd(spans, piece, spaceInFront: true, encoder.Output, Length)) return;
        throw new TokenizerException("encode with offsets: the tokens do not spell the text byte for byte, so their "
            + "places are not known; use Encode");

        int Length(long id) => BytesOf(id)!.Length;
    }

    private void EncodeBetween(string text, IPieceSink pieces, List<long> ids)
    {
        foreach (var (start, end, token) in normalizedSplitter.Split(text))
        {
            if (token is not null) ids.Add(token.Id);
            else pieces.Add(text.AsSpan(start, end - start));
        }
    }

    private string Normalized(string text) => parts.NormalizeToNfc ? Nfc.Normalize(text) : text;

    // Added tokens are text already; so is, rarely, a vocabulary entry with a character outside the alphabet.
    private byte[]? BytesOf(long id)
    {
        if (vocabulary.Token(id) is not { } token) return null;
        return added.ContainsKey(id)
            ? Encoding.UTF8.GetBytes(token)
            : ByteAlphabet.BytesOf(token) ?? Encoding.UTF8.GetBytes(token);
    }
}
