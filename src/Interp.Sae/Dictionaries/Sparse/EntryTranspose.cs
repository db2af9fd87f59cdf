using System.Runtime.CompilerServices;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>Sorts the entries of a sparse matrix by column.</summary>
internal static unsafe class EntryTranspose
{
    private const string Kernel = "transpose";

    /// <summary>So many entries are worth a thread.</summary>
    private const long Grain = 1 << 17;

    /// <summary>The same entries by column.</summary>
    /// <param name="offsets">Int64 [rows + 1]</param>
    /// <param name="columns">Int64 [entries]</param>
    /// <param name="width">The number of columns.</param>
    /// <returns>
    /// The offsets of columns [width + 1]; the row of each entry, rising within a column; its place among those given.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The tensors have another layout or type, or name places that do not exist.
    /// </exception>
    /// <remarks>
    /// A counting sort: each part of the rows counts its entries by column, so that it knows where its first one of
    /// each column goes, behind those of earlier rows.
    /// </remarks>
    internal static (Tensor Offsets, Tensor Rows, Tensor From) Of(Tensor offsets, Tensor columns, long width)
    {
        var at = new EntryPlaces(Kernel, offsets, columns, width);
        var byColumn = empty(width + 1, ScalarType.Int64);
        var (rows, from) = (empty(at.Count, ScalarType.Int64), empty(at.Count, ScalarType.Int64));
        var parts = (int)Math.Min(RowParts.Count(at.Count, Grain), Math.Max(at.Rows, 1));
        var next = new long[parts][]; // [part][column], at first how many, then where the next goes
        RowParts.Run(parts, at.Rows, (part, begin, end) =>
        {
            next[part] = new long[width];
            fixed (long* counts = next[part]) Count(at.Columns, at.Offsets[begin], at.Offsets[end], counts);
        });
        Starts(next, (long*)byColumn.DataPointer, width);
        long* row = (long*)rows.DataPointer, place = (long*)from.DataPointer;
        RowParts.Run(parts, at.Rows, (part, begin, end) =>
        {
            fixed (long* to = next[part]) Place(at.Offsets, at.Columns, begin, end, to, row, place);
        });
        GC.KeepAlive(offsets);
        GC.KeepAlive(columns);
        return (byColumn, rows, from);
    }

    private static void Starts(long[][] next, long* offsets, long width)
    {
        var sum = offsets[0] = 0;
        for (var column = 0L; column < width; column++)
        {
            foreach (var part in next) (part[column], sum) = (sum, sum + part[column]);
            offsets[column + 1] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Count(long* columns, long begin, long end, long* counts)
    {
        for (var j = begin; j < end; j++) counts[columns[j]]++;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Place(long* offsets, long* columns, long begin, long end, long* next, long* rows, long* from)
    {
        for (var row = begin; row < end; row++)
            for (var j = offsets[row]; j < offsets[row + 1]; j++)
            {
                var to = next[columns[j]]++;
                rows[to] = row;
                from[to] = j;
            }
    }
}
