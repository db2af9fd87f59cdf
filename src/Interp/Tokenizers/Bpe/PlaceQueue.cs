using System.Runtime.InteropServices;

namespace Interp.Tokenizers.Bpe;

/// <summary>
/// A queue of positions, smallest first. While positions arrive in order it is a list with a cursor; the first one
/// out of order turns what is left into a binary heap (a sorted list already is one).
/// </summary>
internal sealed class PlaceQueue
{
    private const int KeepCapacity = 65_536;

    private List<int> places = [];
    private int taken;
    private bool isHeap;

    public void Add(int place)
    {
        if (!isHeap && places.Count > taken && place < places[^1])
        {
            places.RemoveRange(0, taken);
            (taken, isHeap) = (0, true);
        }
        places.Add(place);
        if (isHeap) Rise(places.Count - 1);
    }

    public bool TryTake(out int place)
    {
        if (taken == places.Count)
        {
            place = -1;
            return false;
        }
        place = places[taken];
        if (isHeap) RemoveFirst();
        else taken++;
        return true;
    }

    public void Clear()
    {
        if (places.Capacity > KeepCapacity) places = [];
        places.Clear();
        (taken, isHeap) = (0, false);
    }

    private void Rise(int at)
    {
        var heap = CollectionsMarshal.AsSpan(places);
        while (at > 0 && heap[(at - 1) / 2] > heap[at])
        {
            (heap[at], heap[(at - 1) / 2]) = (heap[(at - 1) / 2], heap[at]);
            at = (at - 1) / 2;
        }
    }

    private void RemoveFirst()
    {
        var heap = CollectionsMarshal.AsSpan(places);
        var count = heap.Length - 1;
        heap[0] = heap[count];
        for (var at = 0; ;)
        {
            var child = (2 * at) + 1;
            if (child >= count) break;
            if (child + 1 < count && heap[child + 1] < heap[child]) child++;
            if (heap[at] <= heap[child]) break;
            (heap[at], heap[child]) = (heap[child], heap[at]);
            at = child;
        }
        places.RemoveAt(count);
    }
}
