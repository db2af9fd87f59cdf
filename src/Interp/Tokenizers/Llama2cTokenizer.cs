using System.Text;
using Interp.Tokenizers.Bpe;
using Interp.Tokenizers.Normalization;

namespace Interp.Tokenizers;

/// <summary>
/// The tokenizer of llama2.c (Karpathy 2023, <c>run.c</c>): SentencePiece's BPE in a small binary file.
/// </summary>
/// <remarks>
/// <para><b>The file</b>: the length of the longest piece, then for each id a score
/// (float32), a length and the piece's bytes. Ids 0, 1, 2 are unknown, BOS, EOS; 3 to 258 are the 256 single bytes,
/// written <c>&lt;0x0A&gt;</c>; the rest is text in which a space is a space.</para>
/// <para><b>Encoding.</b> A space goes in front of the text, so that a word is spelled alike wherever it stands. Each
/// character that is a piece is that piece, any other is its UTF-8 bytes as byte pieces (id = byte + 3). Then the
/// neighbours whose union has the highest score are merged, the leftmost of equals first, until no union is a
/// piece. Merges know no word boundaries.</para>
/// <para><b>Decoding</b> drops the one space in front again, at the beginning and after a BOS, as <c>run.c</c> does
/// after BOS, and turns byte pieces into bytes. To show tokens one by one use <see cref="Tokenizer.TokenText"/>,
/// which keeps the space.</para>
/// <code>
/// var tokenizer = Llama2cTokenizer.FromFile("tok512.bin");
/// long[] ids = [tokenizer.BosId!.Value, .. tokenizer.Encode("Once upon a time")];    // 1, 403, 407, 261, 378
/// string text = tokenizer.Decode(ids, skipSpecialTokens: true);                      // "Once upon a time"
/// </code>
/// </remarks>
public sealed class Llama2cTokenizer : Tokenizer
{
    private const int UnknownId = 0, BeginId = 1, EndId = 2, FirstByteId = 3;
    private const int BytePieces = 256;

    // Pieces are bytes; as dictionary keys they are strings of one character a byte (Latin-1).
    private readonly byte[][] pieces;
    private readonly Dictionary<string, int> idByPiece;
    private readonly BpeMerges merges;
    private BpeMerger? idleMerger;

    internal Llama2cTokenizer(string source, IReadOnlyList<(float Score, byte[] Piece)> entries)
    {
        if (entries.Count < FirstByteId + BytePieces)
            throw new TokenizerFormatException($"{source}: has {entries.Count} pieces; expected at least "
                + $"{FirstByteId + BytePieces} (unknown, BOS, EOS and the 256 bytes)");
        pieces = [.. entries.Select(entry => entry.Piece)];
        for (var value = 0; value < BytePieces; value++)
            if (Latin1(pieces[FirstByteId + value]) != $"<0x{value:X2}>")
                throw new TokenizerFormatException($"{source}: piece {FirstByteId + value} is not \"<0x{value:X2}>\"");
        idByPiece = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < pieces.Length; id++)
            if (!idByPiece.TryAdd(Latin1(pieces[id]), id))
                throw new TokenizerFormatException(
                    $"{source}: pieces {idByPiece[Latin1(pieces[id])]} and {id} are the same: "
                    + $"\"{TextRepair.Show(pieces[id])}\"");
        merges = FindMerges([.. entries.Select(entry => entry.Score)]);
        SpecialTokens = new[] { UnknownId, BeginId, EndId }.ToDictionary(id => TokenText(id), id => (long)id);
    }

    /// <summary>Reads a file such as <c>tokenizer.bin</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabularySize">How many pieces it must have, or null for as many as it holds.</param>
    /// <exception cref="TokenizerFormatException">Damaged, or of another size.</exception>
    public static Llama2cTokenizer FromFile(string path, int? vocabularySize = null) =>
        new(path, Llama2cFile.Read(path, File.ReadAllBytes(path), vocabularySize));

    /// <inheritdoc/>
    public override string Kind => "llama2.c BPE";

    /// <inheritdoc/>
    public override int VocabularySize => pieces.Length;

    /// <inheritdoc/>
    public override SpecialIds SpecialIds { get; } = new(Bos: BeginId, Eos: EndId, Unk: UnknownId);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long> SpecialTokens { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<long> PrefixIds => [BeginId];

    /// <inheritdoc/>
    public override long[] Encode(string text)
    {
        text = TextRepair.WellFormed(text);
        if (text.Length == 0) return [];
        var symbols = Spell(Encoding.UTF8.GetBytes(" " + text));
        var merger = Interlocked.Exchange(ref idleMerger, null) ?? new BpeMerger(merges);
        var count = merger.Merge(symbols);
        Interlocked.Exchange(ref idleMerger, merger);
        return [.. symbols.AsSpan(0, count).ToArray().Select(id => (long)id)];
    }

    /// <inheritdoc/>
    public override TokenSpan[] EncodeWithOffsets(string text)
    {
        text = TextRepair.WellFormed(text);
        var (ids, spans) = (Encode(text), new List<TokenSpan>());
        var spelled = TrackedText.From(text, 0, tracked: true);
        ByteSpans.TryAdd(spans, spelled, spaceInFront: true, ids, id => BytesOf(id).Length);
        return [.. spans];
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<long> ids, bool skipSpecialTokens = false)
    {
        var bytes = new MemoryStream(ids.Length * 4);
        var atStart = true;
        foreach (var id in ids)
        {
            if (id < 0 || id >= pieces.Length) throw NoToken(id);
            var isMark = id < FirstByteId;
            if (!(isMark && skipSpecialTokens))
            {
                var piece = BytesOf(id);
                bytes.Write(atStart && !isMark && piece is [(byte)' ', ..] ? piece.AsSpan(1) : piece);
            }
            atStart = id == BeginId || (atStart && isMark);
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <inheritdoc/>
    public override string TokenText(long id) =>
        id >= 0 && id < pieces.Length ? TextRepair.Show(BytesOf(id)) : NoTokenText(id);

    /// <inheritdoc/>
    public override long? TokenToId(string token)
    {
        if (SpecialTokens.TryGetValue(token, out var mark)) return mark;
        var piece = Latin1(Encoding.UTF8.GetBytes(TextRepair.WellFormed(token)));
        return idByPiece.TryGetValue(piece, out var id) ? id : null;
    }

    /// <inheritdoc/>
    public override string? IdToToken(long id) =>
        id < 0 || id >= pieces.Length ? null : id < FirstByteId ? TokenText(id) : TextRepair.Show(pieces[id]);

    private int[] Spell(byte[] utf8)
    {
        var symbols = new List<int>(utf8.Length);
        var byPiece = idByPiece.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> key = stackalloc char[4];
        for (var i = 0; i < utf8.Length;)
        {
            Rune.DecodeFromUtf8(utf8.AsSpan(i), out _, out var length);
            var character = utf8.AsSpan(i, length);
            Encoding.Latin1.GetChars(character, key);
            if (byPiece.TryGetValue(key[..length], out var id)) symbols.Add(id);
            else foreach (var value in character) symbols.Add(FirstByteId + value);
            i += length;
        }
        return [.. symbols];
    }

    // Every way to cut a piece into two pieces is a merge. Ranks are the distinct scores, highest first: run.c
    // compares scores, and of equal ones takes the leftmost place, whatever the pieces.
    private BpeMerges FindMerges(float[] scores)
    {
        var ranks = scores.Distinct().OrderDescending().Select((score, rank) => (score, rank))
            .ToDictionary(pair => pair.score, pair => pair.rank);
        var found = new BpeMerges(pieces.Length * 4);
        var byPiece = idByPiece.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (piece, id) in idByPiece)
        {
            if (scores[id] <= -1e10f) continue;         // run.c starts its search for the best score there
            for (var cut = 1; cut < piece.Length; cut++)
                if (byPiece.TryGetValue(piece.AsSpan(0, cut), out var left)
                    && byPiece.TryGetValue(piece.AsSpan(cut), out var right))
                    found.Set(left, right, new BpeMerges.Merge(ranks[scores[id]], id));
        }
        return found;
    }

    // The exporter wrote the marks with line ends for display ("\n<s>\n"); they are not part of the name.
    private byte[] BytesOf(long id) => id switch
    {
        < FirstByteId => Encoding.UTF8.GetBytes(TextRepair.Show(pieces[id]).Trim('\n')),
        < FirstByteId + BytePieces => [(byte)(id - FirstByteId)],
        _ => pieces[id],
    };

    private static string Latin1(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
