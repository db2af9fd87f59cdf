using System.Numerics;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>Where the entries of a sparse matrix are, checked: kernels read memory at the columns.</summary>
internal readonly unsafe struct EntryPlaces
{
    /// <param name="kernel">For messages.</param>
    /// <param name="offsets">Int64 [rows + 1]: row r has the entries from offsets[r] up to offsets[r + 1].</param>
    /// <param name="columns">Int64 [entries]: the column of each.</param>
    /// <param name="width">The number of columns.</param>
    /// <exception cref="ArgumentException">
    /// The offsets do not rise from 0 to the number of entries, or a column is none.
    /// </exception>
    internal EntryPlaces(string kernel, Tensor offsets, Tensor columns, long width)
    {
        Offsets = Arguments.Elements<long>(kernel, "offsets", offsets, 1);
        Columns = Arguments.Elements<long>(kernel, "columns", columns, 1);
        Rows = offsets.size(0) - 1;
        Count = columns.size(0);
        Width = width;
        if (Rows < 0 || Offsets[0] != 0 || Offsets[Rows] != Count)
            throw new ArgumentException($"{kernel}: the offsets do not go from 0 to the {Count} entries");
        for (var row = 0L; row < Rows; row++)
            if (Offsets[row] > Offsets[row + 1])
                throw new ArgumentException(
                    $"{kernel}: the offsets of row {row} fall from {Offsets[row]} to {Offsets[row + 1]}");
        if (FirstOutside() is var entry && entry < Count)
            throw new ArgumentException(
                $"{kernel}: entry {entry} has column {Columns[entry]}; there are {width} columns");
    }

    internal long* Offsets { get; }

    internal long* Columns { get; }

    internal long Rows { get; }

    internal long Count { get; }

    internal long Width { get; }

    /// <summary>
    /// The first entry whose column does not exist, or <see cref="Count"/>. As unsigned numbers negative ones are
    /// large.
    /// </summary>
    private long FirstOutside()
    {
        var limit = new Vector<ulong>((ulong)Width);
        var entry = 0L;
        for (; entry + Vector<ulong>.Count <= Count; entry += Vector<ulong>.Count)
            if (Vector.GreaterThanOrEqualAny(Vector.Load((ulong*)Columns + entry), limit)) break;
        while (entry < Count && (ulong)Columns[entry] < (ulong)Width) entry++;
        return entry;
    }
}
