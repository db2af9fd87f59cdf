namespace Interp.Tokenizers.Training;

/// <summary>How often every pair of neighbours comes in a set of words, kept up to date while pairs are merged.</summary>
internal sealed class PairCounts
{
    private readonly List<(List<int> Ids, long Count)> words;
    private readonly Dictionary<(int Left, int Right), long> counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> places = [];

    // Holds every pair at least at its present count; entries with an old count are passed over.
    private readonly PriorityQueue<((int Left, int Right) Pair, long Count), (long MinusCount, int Left, int Right)> queue = new();

    internal PairCounts(IEnumerable<(List<int> Ids, long Count)> words)
    {
        this.words = [.. words];
        var changed = new HashSet<(int, int)>();
        for (var word = 0; word < this.words.Count; word++) Count(word, +1, changed);
        foreach (var pair in changed) Enqueue(pair);
    }

    /// <summary>The pair that comes most often, of several the one with the smaller ids; null where none comes that often.</summary>
    internal (int Left, int Right)? MostFrequent(long atLeast)
    {
        while (queue.TryDequeue(out var entry, out _))
            if (entry.Count >= atLeast && counts.GetValueOrDefault(entry.Pair) == entry.Count) return entry.Pair;
        return null;
    }

    /// <summary>Makes every occurrence of a pair one token.</summary>
    internal void Merge(int left, int right, int merged)
    {
        var changed = new HashSet<(int, int)>();
        foreach (var word in places[(left, right)].ToList())
        {
            Count(word, -1, changed);
            Replace(words[word].Ids, left, right, merged);
            Count(word, +1, changed);
        }
        foreach (var pair in changed) Enqueue(pair);
    }

    private static void Replace(List<int> ids, int left, int right, int merged)
    {
        var kept = 0;
        for (var i = 0; i < ids.Count; i++)
        {
            var isPair = ids[i] == left && i + 1 < ids.Count && ids[i + 1] == right;
            ids[kept++] = isPair ? merged : ids[i];
            if (isPair) i++;
        }
        ids.RemoveRange(kept, ids.Count - kept);
    }

    private void Count(int word, int sign, HashSet<(int, int)> changed)
    {
        var (ids, count) = words[word];
        for (var i = 0; i + 1 < ids.Count; i++)
        {
            var pair = (ids[i], ids[i + 1]);
            counts[pair] = counts.GetValueOrDefault(pair) + sign * count;
            if (!places.TryGetValue(pair, out var where)) places.Add(pair, where = []);
            if (sign > 0) where.Add(word);
            else where.Remove(word);
            changed.Add(pair);
        }
    }

    private void Enqueue((int Left, int Right) pair)
    {
        var count = counts[pair];
        if (count > 0) queue.Enqueue((pair, count), (-count, pair.Left, pair.Right));
        else counts.Remove(pair);
    }
}
