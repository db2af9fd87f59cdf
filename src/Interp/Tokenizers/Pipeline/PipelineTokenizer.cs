using Interp.Tokenizers.AddedTokens;
using Interp.Tokenizers.Models;
using Interp.Tokenizers.Normalization;
using Interp.Tokenizers.SentencePiece;

namespace Interp.Tokenizers.Pipeline;

/// <summary>
/// Every tokenizer that is not byte-level: WordPiece (BERT), SentencePiece's BPE (Llama 1 and 2, Mistral, Gemma) and
/// the unigram language model (T5).
/// </summary>
/// <remarks>
/// <para><b>Problem.</b> These differ in every part, but in no more than their parts.</para>
/// <para><b>Idea.</b> One pipeline, each part chosen by the file: added tokens are cut out of the text; what lies
/// between is normalized (lower case, no accents, spaces as <c>▁</c>); it is cut into pieces (words, or not at all);
/// the model turns each piece into tokens; decoders go the way back.</para>
/// <code>
/// var bert = PipelineTokenizer.FromTokenizerJson("bert/tokenizer.json");
/// bert.Encode("Héllo worlds").Select(bert.IdToToken);                    // "hello", "worlds"
/// long[] whole = [.. bert.PrefixIds, .. bert.Encode("hi"), .. bert.SuffixIds];    // [CLS] hi [SEP]
/// var llama = PipelineTokenizer.FromSentencePiece("llama2/tokenizer.model");
/// llama.Encode("Hello world");                                           // 15043, 3186
/// </code>
/// <para>Reference: the Rust <c>tokenizers</c> library for <c>tokenizer.json</c>, Google's SentencePiece for
/// <c>.model</c> files. <c>truncation</c> and <c>padding</c> are about batches and are not applied. Time is linear in
/// the text for each kind.</para>
/// </remarks>
public sealed class PipelineTokenizer : Tokenizer
{
    private readonly PipelineParts parts;
    private readonly Vocabulary vocabulary;
    private readonly Dictionary<long, AddedToken> added;
    private readonly AddedTokenSplitter rawSplitter;
    private readonly AddedTokenSplitter normalizedSplitter;
    private readonly bool anyNormalized;
    private PieceEncoder? idleEncoder;

    internal PipelineTokenizer(PipelineParts parts)
    {
        this.parts = parts;
        vocabulary = parts.WholeVocabulary();
        added = parts.AddedTokens.ToDictionary(token => token.Id);
        rawSplitter = new(parts.AddedTokens.Where(token => !token.Normalized).Select(token => (token.Content, token)));
        normalizedSplitter = new(parts.AddedTokens.Where(token => token.Normalized)
            .Select(token => (parts.Normalizer?.Run(token.Content) ?? token.Content, token)));
        anyNormalized = parts.AddedTokens.Any(token => token.Normalized);
        var special = new Dictionary<string, long>(parts.Marks);
        foreach (var token in parts.AddedTokens.Where(token => token.Special)) special[token.Content] = token.Id;
        SpecialTokens = special;
    }

    /// <summary>Reads a <c>tokenizer.json</c>; the files beside it say which tokens are BOS, EOS, padding.</summary>
    /// <exception cref="TokenizerFormatException">Damaged, byte-level, or a setting that is not supported.</exception>
    public static PipelineTokenizer FromTokenizerJson(string path) => new(PipelineReader.Read(path));

    /// <summary>
    /// Reads BERT's original <c>vocab.txt</c>, one token a line; <c>tokenizer_config.json</c> beside it says whether
    /// text is lowered (the default), stripped of accents, and cut around Chinese characters.
    /// </summary>
    /// <exception cref="TokenizerFormatException">Damaged, or a setting that is not supported.</exception>
    public static PipelineTokenizer FromVocabTxt(string path) => new(VocabTxtReader.Read(path));

    /// <summary>
    /// Reads a SentencePiece model (<c>tokenizer.model</c>, <c>spiece.model</c>) of the BPE or the unigram kind.
    /// </summary>
    /// <remarks>Encoding is SentencePiece's own: <c>&lt;s&gt;</c> in a text is three characters, not a mark, unless
    /// <c>tokenizer_config.json</c> beside the file lists it among its added tokens.</remarks>
    /// <exception cref="TokenizerFormatException">Damaged, or of a kind that is not supported.</exception>
    public static PipelineTokenizer FromSentencePiece(string path) => new(SentencePieceReader.Read(path));

    /// <inheritdoc/>
    public override string Kind => parts.Model.Kind;

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Size;

    /// <inheritdoc/>
    public override SpecialIds SpecialIds => parts.SpecialIds;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long> SpecialTokens { get; }

    /// <summary>The tokens found in the text before the model, special ones among them.</summary>
    public IReadOnlyList<AddedToken> AddedTokens => parts.AddedTokens;

    /// <inheritdoc/>
    public override IReadOnlyList<long> PrefixIds => parts.PrefixIds;

    /// <inheritdoc/>
    public override IReadOnlyList<long> SuffixIds => parts.SuffixIds;

    /// <inheritdoc/>
    public override long[] Encode(string text)
    {
        var ids = new List<long>((text?.Length / 3 ?? 0) + 4);
        Run(text!, ids, null);
        return [.. ids];
    }

    /// <inheritdoc/>
    public override TokenSpan[] EncodeWithOffsets(string text)
    {
        var (ids, spans) = (new List<long>(), new List<(int Start, int End)>());
        Run(text, ids, spans);
        return [.. ids.Zip(spans, (id, span) => new TokenSpan(id, span.Start, span.End))];
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<long> ids, bool skipSpecialTokens = false)
    {
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            var token = vocabulary.Token(id) ?? throw NoToken(id);
            if (!(skipSpecialTokens && SpecialTokens.ContainsKey(token))) tokens.Add(token);
        }
        if (parts.Decoders is null) return string.Join(' ', tokens);
        return string.Concat(parts.Decoders.Aggregate(tokens, (list, step) => step.Apply(list)));
    }

    /// <inheritdoc/>
    /// <remarks>WordPiece's <c>##ing</c> keeps its mark; SentencePiece's <c>▁the</c> is <c>" the"</c>.</remarks>
    public override string TokenText(long id)
    {
        if (vocabulary.Token(id) is not { } token) return NoTokenText(id);
        if (added.ContainsKey(id) || parts.Model is WordPieceModel || SpecialTokens.ContainsKey(token)) return token;
        var value = ByteTokens.ByteOf(token);
        return value >= 0 ? TextRepair.Show([(byte)value]) : token.Replace('▁', ' ');
    }

    /// <inheritdoc/>
    public override long? TokenToId(string token) => vocabulary.Find(token);

    /// <inheritdoc/>
    public override string? IdToToken(long id) => vocabulary.Token(id);

    private void Run(string text, List<long> ids, List<(int Start, int End)>? spans)
    {
        text = TextRepair.WellFormed(text);
        var encoder = Interlocked.Exchange(ref idleEncoder, null) ?? parts.Model.NewEncoder();
        (encoder.Output, encoder.Places) = (ids, spans is null ? null : []);
        var run = new PipelineRun(parts, encoder, spans);
        foreach (var (start, end, token) in rawSplitter.Split(text))
        {
            if (token is not null) run.Add(token, start, end);
            else EncodeBetween(text.AsSpan(start, end - start), start, run);
        }
        (encoder.Output, encoder.Places) = ([], null);
        Interlocked.Exchange(ref idleEncoder, encoder);
    }

    private void EncodeBetween(ReadOnlySpan<char> between, int offset, PipelineRun run)
    {
        var text = TrackedText.From(between, offset, run.NeedsOrigins);
        if (parts.Normalizer is { } normalizer) text = normalizer.Run(text);
        if (!anyNormalized)
        {
            run.Add(text, 0, text.Length);
            return;
        }
        foreach (var (start, end, token) in normalizedSplitter.Split(text.ToString()))
        {
            if (token is null) run.Add(text, start, end);
            else if (!text.Tracked) run.Add(token, 0, 0);
            else run.Add(token, text.Origin(start, end).Start, text.Origin(start, end).End);
        }
    }
}
