namespace Interp.Tokenizers.Bpe;

/// <summary>
/// The merges of a long run of one symbol, with a few others before and behind it: a letter that is held down, a line of
/// dashes, a page of spaces. As long as the pair (s, s) goes first, all of the run becomes half as many of one new symbol
/// at once, so that a run of n takes a logarithm of n steps, not n.
/// </summary>
internal ref struct RunMerge
{
    private const int Most = 32; // others on either side

    private readonly BpeMerges merges;
    private readonly List<int> head;
    private readonly List<int> tail;
    private int symbol;
    private int count;

    private RunMerge(BpeMerges merges, List<int> head, int symbol, int count, List<int> tail) =>
        (this.merges, this.head, this.symbol, this.count, this.tail) = (merges, head, symbol, count, tail);

    /// <summary>Merges in place where the symbols are such a run and nothing stands against it.</summary>
    /// <param name="merges">The pairs.</param>
    /// <param name="symbols">The symbols; untouched where the answer is no.</param>
    /// <param name="left">How many symbols are left, at the front.</param>
    public static bool TryMerge(BpeMerges merges, Span<int> symbols, out int left)
    {
        left = 0;
        var symbol = symbols[symbols.Length / 2];
        var begin = symbols[..(symbols.Length / 2)].LastIndexOfAnyExcept(symbol) + 1;
        var length = symbols[begin..].IndexOfAnyExcept(symbol);
        if (length < 0) length = symbols.Length - begin;
        if (begin > Most || symbols.Length - begin - length > Most) return false;

        var run = new RunMerge(merges, [.. symbols[..begin]], symbol, length, [.. symbols[(begin + length)..]]);
        while (run.Next() is { } rank)
            if (!run.TryStep(rank)) return false;
        left = run.Write(symbols);
        return true;
    }

    // The lowest rank of any pair, or null where no pair merges.
    private readonly int? Next()
    {
        var best = Rank(symbol, symbol, count > 1);
        for (var i = 0; i < head.Count; i++) best = Math.Min(best, Rank(head[i], i + 1 < head.Count ? head[i + 1] : symbol, i + 1 < head.Count || count > 0));
        for (var i = 0; i < tail.Count; i++) best = Math.Min(best, Rank(i > 0 ? tail[i - 1] : symbol, tail[i], i > 0 || count > 0));
        if (count == 0 && head.Count > 0 && tail.Count > 0) best = Math.Min(best, Rank(head[^1], tail[0], true));
        return best == int.MaxValue ? null : best;
    }

    // One place of that rank, the leftmost, or all of the run; false where the plain loop must decide.
    private bool TryStep(int rank)
    {
        if (count < 2) return TryStepOfFew(rank);
        for (var i = 0; i + 1 < head.Count; i++)
            if (TryPair(head, i, rank)) return true;
        if (head.Count > 0 && Rank(head[^1], symbol, true) == rank)
        {
            head[^1] = Made(head[^1], symbol);
            count--;
            return true;
        }
        if (Rank(symbol, symbol, true) == rank) return TryHalve(rank);
        if (tail.Count > 0 && Rank(symbol, tail[0], true) == rank)
        {
            tail[0] = Made(symbol, tail[0]);
            count--;
            return true;
        }
        for (var i = 0; i + 1 < tail.Count; i++)
            if (TryPair(tail, i, rank)) return true;
        return false;
    }

    // No run any more: everything is one short list.
    private bool TryStepOfFew(int rank)
    {
        for (; count > 0; count--) head.Add(symbol);
        head.AddRange(tail);
        tail.Clear();
        for (var i = 0; i + 1 < head.Count; i++)
            if (TryPair(head, i, rank)) return true;
        return false;
    }

    // s s s s s becomes S S s. What each merge makes must not go before the rest of the run.
    private bool TryHalve(int rank)
    {
        var made = Made(symbol, symbol);
        if (Rank(made, symbol, true) <= rank || Rank(made, made, true) <= rank || (head.Count > 0 && Rank(head[^1], made, true) <= rank)) return false;
        if (count % 2 == 1) tail.Insert(0, symbol);
        (symbol, count) = (made, count / 2);
        return true;
    }

    private readonly bool TryPair(List<int> list, int at, int rank)
    {
        if (Rank(list[at], list[at + 1], true) != rank) return false;
        list[at] = Made(list[at], list[at + 1]);
        list.RemoveAt(at + 1);
        return true;
    }

    private readonly int Write(Span<int> symbols)
    {
        head.ToArray().CopyTo(symbols);
        symbols.Slice(head.Count, count).Fill(symbol);
        tail.ToArray().CopyTo(symbols[(head.Count + count)..]);
        return head.Count + count + tail.Count;
    }

    private readonly int Rank(int left, int right, bool isThere) => isThere && merges.TryGet(left, right, out var merge) ? merge.Rank : int.MaxValue;

    private readonly int Made(int left, int right) => merges.TryGet(left, right, out var merge) ? merge.Id : throw new InvalidOperationException();
}
