using System.Buffers;
using Interp.Tensors;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>The entries that one thread found in some rows, row after row.</summary>
/// <remarks>
/// How many entries a matrix has is known only when all of it was read. So every thread collects those of its rows, and
/// they are joined at the end: the matrix is read once.
/// </remarks>
internal sealed unsafe class FoundEntries<T>(int capacity) : IDisposable where T : unmanaged
{
    private readonly List<long> ends = []; // of each row
    private int[] columns = ArrayPool<int>.Shared.Rent(capacity);
    private T[] values = ArrayPool<T>.Shared.Rent(capacity);

    /// <summary>How many so far.</summary>
    internal int Count { get; private set; }

    /// <summary>Room for the entries of the next row; valid until the row ends.</summary>
    /// <param name="most">How many they can be.</param>
    internal (Memory<int> Columns, Memory<T> Values) Room(int most)
    {
        Grow(checked(Count + most));
        return (columns.AsMemory(Count, most), values.AsMemory(Count, most));
    }

    /// <summary>Ends a row whose entries were written to the room.</summary>
    internal void EndRow(int entries)
    {
        Count += entries;
        ends.Add(Count);
    }

    /// <summary>One matrix of the rows of all parts, in their order.</summary>
    internal static SparseRows Join(FoundEntries<T>[] parts, long width, ScalarType dtype)
    {
        long count = 0, rows = 0;
        var starts = new (long Row, long Entry)[parts.Length];
        for (var part = 0; part < parts.Length; part++)
        {
            starts[part] = (rows, count);
            rows += parts[part].ends.Count;
            count += parts[part].Count;
        }
        var joined = SparseRows.Empty(rows, width, count, dtype);
        long* offset = (long*)joined.Offsets.DataPointer, column = (long*)joined.Columns.DataPointer;
        var value = (T*)joined.Values.DataPointer;
        offset[0] = 0;
        ParallelFor.Run(0, parts.Length, 1, (begin, end) =>
        {
            for (var part = begin; part < end; part++)
            {
                var (row, entry) = starts[part];
                parts[part].CopyTo(offset + row + 1, column + entry, value + entry, entry);
            }
        });
        return joined;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(columns);
        ArrayPool<T>.Shared.Return(values);
        (columns, values) = ([], []);
    }

    private void CopyTo(long* offset, long* column, T* value, long before)
    {
        for (var row = 0; row < ends.Count; row++) offset[row] = before + ends[row];
        for (var entry = 0; entry < Count; entry++) column[entry] = columns[entry];
        values.AsSpan(0, Count).CopyTo(new Span<T>(value, Count));
    }

    private void Grow(int needed)
    {
        if (needed <= columns.Length && needed <= values.Length) return;
        Enlarge(ref columns, needed);
        Enlarge(ref values, needed);
    }

    private void Enlarge<TElement>(ref TElement[] array, int needed)
    {
        var length = (int)Math.Min(Math.Max(needed, 2L * array.Length), Array.MaxLength);
        var larger = ArrayPool<TElement>.Shared.Rent(length);
        array.AsSpan(0, Count).CopyTo(larger);
        ArrayPool<TElement>.Shared.Return(array);
        array = larger;
    }
}
