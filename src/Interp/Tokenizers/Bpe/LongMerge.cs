using System.Buffers;

namespace Interp.Tokenizers.Bpe;

/// <summary>
/// The merge loop for long runs of symbols: a linked list of symbols, and for every rank a queue of the places where
/// a pair of that rank begins. Each merge takes O(1) except where a lower rank turns up late.
/// </summary>
/// <remarks>
/// A single priority queue over all places would cost a logarithm for each of them. But a text has few distinct ranks
/// at a time, and the places of one rank mostly come up in order; so the queue is over ranks, and a
/// <see cref="PlaceQueue"/> per rank is a plain list until something arrives out of order. Places go stale when a
/// neighbour merges; they are checked when taken, not hunted down before.
/// </remarks>
internal sealed class LongMerge(BpeMerges merges)
{
    private const int MemoSize = 1024;

    private readonly Dictionary<int, PlaceQueue> queues = [];
    private readonly PriorityQueue<int, int> ranks = new();
    private readonly Stack<PlaceQueue> spare = new();
    private readonly (long Pair, int Rank, int Id)[] memo = new (long, int, int)[MemoSize];

    private int[] symbol = [];
    private int[] previous = [];
    private int[] next = [];

    /// <inheritdoc cref="BpeMerger.Merge"/>
    public int Merge(Span<int> symbols)
    {
        Begin(symbols);
        while (ranks.TryPeek(out var rank, out _))
        {
            if (queues[rank].TryTake(out var place)) MergeAt(place, rank);
            else Retire(rank);
        }
        return End(symbols);
    }

    private void Begin(Span<int> symbols)
    {
        var count = symbols.Length;
        symbol = ArrayPool<int>.Shared.Rent(count);
        previous = ArrayPool<int>.Shared.Rent(count);
        next = ArrayPool<int>.Shared.Rent(count);
        Array.Fill(memo, (-1, 0, 0));
        symbols.CopyTo(symbol);
        for (var i = 0; i < count; i++) (previous[i], next[i]) = (i - 1, i + 1 < count ? i + 1 : -1);
        for (var i = 0; i + 1 < count; i++) Enqueue(i);
    }

    private int End(Span<int> symbols)
    {
        var count = 0;
        for (var i = 0; i >= 0; i = next[i]) symbols[count++] = symbol[i];
        foreach (var rented in (ReadOnlySpan<int[]>)[symbol, previous, next]) ArrayPool<int>.Shared.Return(rented);
        (symbol, previous, next) = ([], [], []);
        return count;
    }

    private void MergeAt(int place, int rank)
    {
        var right = symbol[place] < 0 ? -1 : next[place];
        if (right < 0) return;
        var (pairRank, id) = Look(symbol[place], symbol[right]);
        if (pairRank != rank) return;

        symbol[place] = id;
        symbol[right] = -1;
        next[place] = next[right];
        if (next[right] >= 0) previous[next[right]] = place;
        if (previous[place] >= 0) Enqueue(previous[place]);
        if (next[place] >= 0) Enqueue(place);
    }

    private void Enqueue(int place)
    {
        var (rank, _) = Look(symbol[place], symbol[next[place]]);
        if (rank == int.MaxValue) return;
        if (!queues.TryGetValue(rank, out var queue))
        {
            queues[rank] = queue = spare.TryPop(out var used) ? used : new PlaceQueue();
            ranks.Enqueue(rank, rank);
        }
        queue.Add(place);
    }

    private void Retire(int rank)
    {
        ranks.Dequeue();
        queues.Remove(rank, out var queue);
        queue!.Clear();
        if (spare.Count < 4096) spare.Push(queue);
    }

    // Long runs repeat few pairs; a small table saves most of the dictionary's work.
    private (int Rank, int Id) Look(int left, int right)
    {
        var pair = ((long)left << 32) | (uint)right;
        ref var slot = ref memo[(uint)((left * 31) ^ right) % MemoSize];
        if (slot.Pair != pair)
            slot = merges.TryGet(left, right, out var merge) ? (pair, merge.Rank, merge.Id) : (pair, int.MaxValue, -1);
        return (slot.Rank, slot.Id);
    }
}
