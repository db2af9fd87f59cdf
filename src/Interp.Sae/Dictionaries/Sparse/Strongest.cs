using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>
/// Keeps the strongest of all entries that are offered: those with the largest keys, of equal ones the first.
/// </summary>
/// <remarks>
/// A buffer of twice as many as are wanted; when it is full, the weaker half goes and the weakest that stays becomes
/// the bound for what comes. Entries keep the order in which they were offered, so places that rise stay sorted.
/// </remarks>
internal sealed unsafe class Strongest<T> : IDisposable where T : unmanaged, INumber<T>
{
    private readonly long limit;
    private T[] keys;
    private long[] places;

    /// <param name="limit">How many are kept.</param>
    /// <param name="offered">At most how many will be offered.</param>
    internal Strongest(long limit, long offered)
    {
        this.limit = limit;
        var capacity = checked((int)Math.Min(2 * limit, Math.Max(offered, 1)));
        (keys, places) = (ArrayPool<T>.Shared.Rent(capacity), ArrayPool<long>.Shared.Rent(capacity));
        Capacity = capacity;
    }

    /// <summary>How many are kept so far.</summary>
    internal int Count { get; private set; }

    /// <summary>What a key must exceed.</summary>
    internal T Least { get; private set; }

    /// <summary>The places of what is kept, in the order in which they were offered.</summary>
    internal ReadOnlySpan<long> Places => places.AsSpan(0, Count);

    /// <summary>Their keys.</summary>
    internal ReadOnlySpan<T> Keys => keys.AsSpan(0, Count);

    private int Capacity { get; }

    /// <summary>Offers the entries of a row.</summary>
    /// <param name="x">The row; a key is x, or x · scale.</param>
    /// <param name="scale">Null for 1.</param>
    /// <param name="width">The length of the row.</param>
    /// <param name="first">The place of the first entry.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Offer(T* x, T* scale, long width, long first)
    {
        var step = Vector<T>.Count;
        var k = 0L;
        for (; k + (4 * step) <= width; k += 4 * step)
        {
            var bound = new Vector<T>(Least);
            var (a, b) = (Vector.Load(x + k), Vector.Load(x + k + step));
            var (c, d) = (Vector.Load(x + k + (2 * step)), Vector.Load(x + k + (3 * step)));
            if (scale != null)
            {
                a *= Vector.Load(scale + k);
                b *= Vector.Load(scale + k + step);
                c *= Vector.Load(scale + k + (2 * step));
                d *= Vector.Load(scale + k + (3 * step));
            }
            var above = Lanes.Above(a, bound) | (Lanes.Above(b, bound) << step)
                | (Lanes.Above(c, bound) << (2 * step)) | (Lanes.Above(d, bound) << (3 * step));
            for (; above != 0; above &= above - 1)
            {
                var at = k + BitOperations.TrailingZeroCount(above);
                Offer(scale == null ? x[at] : x[at] * scale[at], first + at);
            }
        }
        for (; k < width; k++) Offer(scale == null ? x[k] : x[k] * scale[k], first + k);
    }

    /// <summary>Takes over what another one kept; all its places come behind those here.</summary>
    internal void Offer(Strongest<T> other)
    {
        for (var k = 0; k < other.Count; k++) Offer(other.keys[k], other.places[k]);
    }

    /// <summary>Leaves no more than are wanted.</summary>
    internal void Cut()
    {
        if (Count <= limit) return;
        fixed (T* key = keys)
        fixed (long* place = places)
        {
            var (bound, reached) = KthLargest.Of(key, Count, limit);
            Least = Keep(key, place, bound, reached);
        }
    }

    /// <summary>Starts anew.</summary>
    /// <param name="bound">What a key must reach; 0 for all that are positive, because only these can be on.</param>
    internal void Start(T bound) => (Count, Least) = (0, KthLargest.Below(bound));

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<T>.Shared.Return(keys);
        ArrayPool<long>.Shared.Return(places);
        (keys, places) = ([], []);
    }

    private void Offer(T key, long place)
    {
        if (!(key > Least)) return;
        (keys[Count], places[Count]) = (key, place);
        if (++Count == Capacity) Cut();
    }

    /// <summary>Moves what stays to the front; of keys equal to the bound the first ones stay.</summary>
    /// <returns>The smallest key that stays: a later one that is equal would come behind it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T Keep(T* key, long* place, T bound, long reached)
    {
        var surplus = reached - limit;
        // With a surplus the bound is a key, and the last ones equal to it go.
        for (var k = Count - 1; surplus > 0; k--)
            if (key[k] == bound)
            {
                key[k] = T.Zero;
                surplus--;
            }
        var (kept, smallest) = (0, key[0]);
        for (var k = 0; k < Count; k++)
        {
            var value = key[k];
            (key[kept], place[kept]) = (value, place[k]);
            var stays = value >= bound;
            smallest = stays && (kept == 0 || value < smallest) ? value : smallest;
            kept += stays ? 1 : 0;
        }
        Count = kept;
        return smallest;
    }
}
