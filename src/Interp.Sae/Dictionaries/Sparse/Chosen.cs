using System.Numerics;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>Compressed rows of the entries of a matrix that are on: offsets, columns and values as <see cref="SparseRows"/> has them.</summary>
internal static unsafe class Chosen
{
    private const int Grain = 16;
    private const int SampleRows = 64;

    /// <summary>For every row the k entries with the largest x · scale among those above 0.</summary>
    internal static (Tensor Offsets, Tensor Columns, Tensor Values) TopOfRows<T>(Tensor x, Tensor? scale, int k)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (rows, width) = (x.size(0), (int)x.size(1));
        var data = (T*)x.DataPointer;
        var factors = Factors<T>(scale);
        var places = new int[rows * k];
        var counts = new long[rows];
        ParallelFor.Run(0, rows, Grain, (first, end) =>
        {
            var strongest = new Strongest<T>(k);
            for (var r = first; r < end; r++)
            {
                strongest.Clear();
                strongest.OfferRow(new ReadOnlySpan<T>(data + (r * width), width), new ReadOnlySpan<T>(factors, factors == null ? 0 : width), 0);
                strongest.Finish();
                counts[r] = strongest.Kept.Length;
                for (var j = 0; j < strongest.Kept.Length; j++) places[(r * k) + j] = (int)strongest.Kept[j].Place;
            }
        });
        GC.KeepAlive(scale);
        var result = Empty(counts, x.dtype);
        var offsets = (long*)result.Offsets.DataPointer;
        var columns = (long*)result.Columns.DataPointer;
        var values = (T*)result.Values.DataPointer;
        ParallelFor.Run(0, rows, 4 * Grain, (first, end) =>
        {
            for (var r = first; r < end; r++)
                for (var j = 0; j < counts[r]; j++)
                {
                    var column = places[(r * k) + j];
                    columns[offsets[r] + j] = column;
                    values[offsets[r] + j] = data[(r * width) + column];
                }
        });
        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>The k · rows entries of the whole matrix with the largest x · scale among those above 0.</summary>
    internal static (Tensor Offsets, Tensor Columns, Tensor Values) TopOfAll<T>(Tensor x, Tensor? scale, int k)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (rows, width, parts) = (x.size(0), (int)x.size(1), Math.Max(torch.get_num_threads(), 1));
        var data = (T*)x.DataPointer;
        var factors = Factors<T>(scale);
        var limit = checked((int)(k * rows));
        var found = new Strongest<T>[parts];
        ParallelFor.Run(0, parts, 1, (first, end) =>
        {
            for (var part = first; part < end; part++)
            {
                var strongest = found[part] = new Strongest<T>(limit);
                for (var r = rows * part / parts; r < rows * (part + 1) / parts; r++)
                    strongest.OfferRow(new ReadOnlySpan<T>(data + (r * width), width),
                        new ReadOnlySpan<T>(factors, factors == null ? 0 : width), r * width);
            }
        });
        GC.KeepAlive(scale);
        var all = found[0];
        foreach (var other in found.AsSpan(1)) all.Merge(other);
        all.Finish();
        var counts = new long[rows];
        foreach (var entry in all.Kept) counts[entry.Place / width]++;
        var result = Empty(counts, x.dtype);
        var columns = (long*)result.Columns.DataPointer;
        var values = (T*)result.Values.DataPointer;
        for (var j = 0; j < all.Kept.Length; j++)
        {
            columns[j] = all.Kept[j].Place % width;
            values[j] = data[all.Kept[j].Place];
        }
        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>All entries above 0, or null where there are more than a limit.</summary>
    internal static (Tensor Offsets, Tensor Columns, Tensor Values)? Positive<T>(Tensor x, long limit)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (rows, width) = (x.size(0), x.size(1));
        var data = (T*)x.DataPointer;
        // Where the first rows have twice the share that is allowed, the others are not counted to know that.
        var sample = Math.Min(rows, SampleRows);
        if (sample < rows && (double)CountPositive(data, sample * width) / sample > 2.0 * limit / rows) return null;
        var counts = new long[rows];
        ParallelFor.Run(0, rows, Grain, (first, end) =>
        {
            for (var r = first; r < end; r++) counts[r] = CountPositive(data + (r * width), width);
        });
        if (counts.Sum() > limit) return null;
        var result = Empty(counts, x.dtype);
        var offsets = (long*)result.Offsets.DataPointer;
        var columns = (long*)result.Columns.DataPointer;
        var values = (T*)result.Values.DataPointer;
        ParallelFor.Run(0, rows, Grain, (first, end) =>
        {
            for (var r = first; r < end; r++)
            {
                var row = data + (r * width);
                var at = offsets[r];
                for (long k = 0; at < offsets[r + 1]; k++)
                    if (row[k] > T.Zero)
                    {
                        columns[at] = k;
                        values[at++] = row[k];
                    }
            }
        });
        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Rows with room for as many entries as are counted.</summary>
    internal static (Tensor Offsets, Tensor Columns, Tensor Values) Empty(long[] counts, ScalarType dtype)
    {
        var offsets = new long[counts.Length + 1];
        for (var r = 0; r < counts.Length; r++) offsets[r + 1] = offsets[r] + counts[r];
        return (torch.tensor(offsets), torch.empty([offsets[^1]], ScalarType.Int64), torch.empty([offsets[^1]], dtype));
    }

    private static T* Factors<T>(Tensor? scale) where T : unmanaged => scale is null ? null : (T*)scale.DataPointer;

    private static long CountPositive<T>(T* x, long count) where T : unmanaged, IFloatingPointIeee754<T>
    {
        long sum = 0, k = 0;
        var step = Vector<T>.Count;
        for (; k + step <= count; k += step)
            sum += step - Vector.CountWhereAllBitsSet(~Vector.GreaterThan(Vector.Load(x + k), Vector<T>.Zero));
        for (; k < count; k++) sum += x[k] > T.Zero ? 1 : 0;
        return sum;
    }
}
