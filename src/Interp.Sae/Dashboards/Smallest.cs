namespace Interp.Sae.Dashboards;

/// <summary>The items of the smallest keys of a stream; of equal keys those that came first.</summary>
internal sealed class Smallest<TKey, TItem>(int capacity)
    where TKey : IComparable<TKey>
{
    private readonly List<(TKey Key, TItem Item)> kept = new(Math.Min(capacity, 4));

    /// <summary>The items in the order of their keys.</summary>
    public IEnumerable<TItem> Items => kept.Select(pair => pair.Item);

    /// <summary>Whether an item of this key would be kept.</summary>
    public bool Wants(TKey key) => kept.Count < capacity || (capacity > 0 && key.CompareTo(kept[^1].Key) < 0);

    /// <summary>Keeps an item if its key is among the smallest.</summary>
    public void Add(TKey key, TItem item)
    {
        if (!Wants(key)) return;
        if (kept.Count == capacity) kept.RemoveAt(kept.Count - 1);
        var place = kept.Count;
        while (place > 0 && key.CompareTo(kept[place - 1].Key) < 0) place--;
        kept.Insert(place, (key, item));
    }

    /// <summary>Takes over the items of another.</summary>
    public void Merge(Smallest<TKey, TItem> other)
    {
        foreach (var (key, item) in other.kept) Add(key, item);
    }
}
