using System.Buffers;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.Bpe;

/// <summary>
/// The end of the pipeline: turns pieces into ids, through the cache where it can. Holds working memory, so one
/// instance serves one call at a time.
/// </summary>
internal sealed class BpePieceEncoder(BpeModel model) : IPieceSink
{
    private readonly BpeMerger merger = new(model.Merges);
    private readonly WordCache cache = new();
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> whole = model.Vocabulary.BySpan;

    /// <summary>Where the ids go.</summary>
    public List<long> Output { get; set; } = [];

    public void Add(ReadOnlySpan<char> piece)
    {
        if (piece.Length <= WordCache.LongestWord && cache.TryGet(piece, out var known)) Emit(known);
        else if (model.IgnoreMerges && whole.TryGetValue(piece, out var id)) Output.Add(id);
        else Merge(piece);
    }

    private void Merge(ReadOnlySpan<char> piece)
    {
        var symbols = ArrayPool<int>.Shared.Rent(piece.Length);
        var count = merger.Merge(symbols.AsSpan(0, model.Spell(piece, symbols)));
        Emit(symbols.AsSpan(0, count));
        cache.Add(piece, symbols.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(symbols);
    }

    private void Emit(ReadOnlySpan<int> ids)
    {
        foreach (var id in ids) Output.Add(id);
    }
}
