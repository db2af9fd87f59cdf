namespace Interp.Tokenizers.Bpe;

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016): starting from single symbols, merge the neighbouring pair of the lowest
/// rank, the leftmost of equals first, until no pair has a merge.
/// </summary>
/// <remarks>
/// A word has a handful of symbols, and the plain loop is the fastest. A text without spaces may be one "word" of a
/// million symbols, where the plain loop's n² is hours; <see cref="LongMerge"/> does the same in near-linear time, and
/// <see cref="RunMerge"/> a run of one symbol in next to none.
/// One instance serves one thread at a time.
/// </remarks>
internal sealed class BpeMerger(BpeMerges merges)
{
    /// <summary>Up to this many symbols the plain loop is used.</summary>
    public const int ShortLimit = 96;

    private LongMerge? longMerge;

    /// <summary>Merges in place; returns how many symbols are left, at the front.</summary>
    public int Merge(Span<int> symbols) =>
        symbols.Length <= ShortLimit ? MergeShort(symbols)
        : RunMerge.TryMerge(merges, symbols, out var left) ? left
        : (longMerge ??= new LongMerge(merges)).Merge(symbols);

    private int MergeShort(Span<int> symbols)
    {
        Span<int> ranks = stackalloc int[ShortLimit];       // of the pair (i, i + 1)
        var count = symbols.Length;
        for (var i = 0; i + 1 < count; i++) ranks[i] = Rank(symbols[i], symbols[i + 1]);
        while (count > 1)
        {
            var best = 0;
            for (var i = 1; i + 1 < count; i++)
                if (ranks[i] < ranks[best]) best = i;
            if (ranks[best] == int.MaxValue) break;

            merges.TryGet(symbols[best], symbols[best + 1], out var merge);
            symbols[best] = merge.Id;
            count--;
            symbols[(best + 2)..(count + 1)].CopyTo(symbols[(best + 1)..]);
            if (best + 1 < count)
            {
                ranks[(best + 1)..count].CopyTo(ranks[best..]);
                ranks[best] = Rank(symbols[best], symbols[best + 1]);
            }
            if (best > 0) ranks[best - 1] = Rank(symbols[best - 1], symbols[best]);
        }
        return count;
    }

    private int Rank(int left, int right) => merges.TryGet(left, right, out var merge) ? merge.Rank : int.MaxValue;
}
