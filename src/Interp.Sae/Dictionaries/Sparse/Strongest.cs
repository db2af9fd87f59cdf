using System.Numerics;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>Keeps the largest of all entries that are offered: a buffer of twice as many, cut down when it is full.</summary>
/// <param name="limit">How many are kept; of equal ones those that were offered first.</param>
internal sealed class Strongest<T>(int limit) where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Entry[] entries = new Entry[2 * (long)limit];
    private int count;

    /// <summary>What is not above it is refused; at first 0, since only what is positive can be on.</summary>
    internal T Least { get; private set; }

    /// <summary>What was kept; after <see cref="Finish"/> in the order of places.</summary>
    internal ReadOnlySpan<Entry> Kept => entries.AsSpan(0, count);

    internal void Offer(T key, long place)
    {
        if (!(key > Least)) return;
        entries[count++] = new Entry(key, place);
        if (count == entries.Length) Cut();
    }

    /// <summary>Offers a row of keys x · scale.</summary>
    /// <param name="x">The row.</param>
    /// <param name="scale">As many factors, or none for 1.</param>
    /// <param name="first">The place of its first entry.</param>
    internal void OfferRow(ReadOnlySpan<T> x, ReadOnlySpan<T> scale, long first)
    {
        var k = 0;
        var step = Vector<T>.Count;
        for (; k + step <= x.Length; k += step)
        {
            // Most blocks hold nothing that is large enough.
            var keys = new Vector<T>(x[k..]);
            if (!scale.IsEmpty) keys *= new Vector<T>(scale[k..]);
            if (!Vector.GreaterThanAny(keys, new Vector<T>(Least))) continue;
            for (var j = 0; j < step; j++) Offer(keys[j], first + k + j);
        }
        for (; k < x.Length; k++) Offer(scale.IsEmpty ? x[k] : x[k] * scale[k], first + k);
    }

    /// <summary>Takes over what another one kept.</summary>
    internal void Merge(Strongest<T> other)
    {
        foreach (var entry in other.Kept)
        {
            entries[count++] = entry;
            if (count == entries.Length) Cut();
        }
    }

    /// <summary>Cuts down to the limit and sorts by place.</summary>
    internal void Finish()
    {
        Cut();
        entries.AsSpan(0, count).Sort(static (a, b) => a.Place.CompareTo(b.Place));
    }

    /// <summary>Starts anew.</summary>
    internal void Clear() => (count, Least) = (0, T.Zero);

    private void Cut()
    {
        if (count <= limit) return;
        Select(entries.AsSpan(0, count), limit);
        count = limit;
        var least = entries[0].Key;
        foreach (var entry in Kept) least = T.Min(least, entry.Key);
        Least = least; // places rise: a later equal key would come behind it
    }

    /// <summary>Puts the first k in order at the front, in any order among themselves (Hoare 1961, quickselect).</summary>
    private static void Select(Span<Entry> entries, int k)
    {
        var (low, high) = (0, entries.Length - 1);
        while (low < high)
        {
            var pivot = Median(entries[low], entries[low + ((high - low) / 2)], entries[high]);
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (entries[i].Before(pivot)) i++;
                while (pivot.Before(entries[j])) j--;
                if (i > j) break;
                (entries[i], entries[j]) = (entries[j], entries[i]);
                (i, j) = (i + 1, j - 1);
            }
            if (k - 1 <= j) high = j;
            else if (k - 1 >= i) low = i;
            else return;
        }
    }

    private static Entry Median(Entry a, Entry b, Entry c)
    {
        if (b.Before(a)) (a, b) = (b, a);
        if (c.Before(b)) b = c;
        return b.Before(a) ? a : b;
    }

    /// <summary>A candidate.</summary>
    internal readonly record struct Entry(T Key, long Place)
    {
        /// <summary>By key, and among equal keys the first place.</summary>
        internal bool Before(Entry other) => Key > other.Key || (Key == other.Key && Place < other.Place);
    }
}
