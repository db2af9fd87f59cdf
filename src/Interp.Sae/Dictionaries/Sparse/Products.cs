using System.Numerics;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>Products of compressed rows with dense matrices; every element is summed by one thread in the order of the entries.</summary>
internal static unsafe class Products
{
    private const int Grain = 16;

    /// <summary>The same entries by column: offsets of columns, the row of each, its place among the entries given.</summary>
    internal static (Tensor Offsets, Tensor Rows, Tensor From) Transpose(Tensor offsets, Tensor columns, long width)
    {
        Check(offsets, columns, width);
        var (rows, count) = (offsets.size(0) - 1, columns.size(0));
        var o = (long*)offsets.DataPointer;
        var c = (long*)columns.DataPointer;
        var next = new long[width];
        for (long j = 0; j < count; j++) next[c[j]]++;
        var result = Chosen.Empty(next, ScalarType.Int64);
        var start = (long*)result.Offsets.DataPointer;
        var row = (long*)result.Columns.DataPointer;
        var from = (long*)result.Values.DataPointer;
        new ReadOnlySpan<long>(start, (int)width).CopyTo(next);
        for (long r = 0; r < rows; r++)
            for (var j = o[r]; j < o[r + 1]; j++)
            {
                var at = next[c[j]]++;
                row[at] = r;
                from[at] = j;
            }
        GC.KeepAlive(offsets);
        GC.KeepAlive(columns);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Adds a sparse matrix times a dense one [width, n] to a sum [rows, n].</summary>
    internal static void AddMatMul<T>(Tensor sum, Tensor offsets, Tensor columns, Tensor values, Tensor table)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(offsets, columns, table.size(0));
        var (rows, n) = (offsets.size(0) - 1, table.size(1));
        CheckShape(nameof(sum), sum, [rows, n]);
        CheckShape(nameof(values), values, [columns.size(0)]);
        var o = (long*)offsets.DataPointer;
        var c = (long*)columns.DataPointer;
        var y = (T*)sum.DataPointer;
        var x = (T*)values.DataPointer;
        var t = (T*)table.DataPointer;
        ParallelFor.Run(0, rows, Grain, (first, end) =>
        {
            for (var r = first; r < end; r++) Gather(y + (r * n), x + o[r], c + o[r], o[r + 1] - o[r], t, n);
        });
        foreach (var tensor in (Tensor[])[sum, offsets, columns, values, table]) GC.KeepAlive(tensor);
    }

    /// <summary>For every entry the product of its row of x with the row of the table that its column names.</summary>
    internal static Tensor Dot<T>(Tensor offsets, Tensor columns, Tensor x, Tensor table)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(offsets, columns, table.size(0));
        var (rows, n) = (offsets.size(0) - 1, table.size(1));
        CheckShape(nameof(x), x, [rows, n]);
        CheckShape(nameof(table), table, table.shape);
        var result = torch.empty([columns.size(0)], x.dtype);
        var o = (long*)offsets.DataPointer;
        var c = (long*)columns.DataPointer;
        var y = (T*)result.DataPointer;
        var left = (T*)x.DataPointer;
        var right = (T*)table.DataPointer;
        ParallelFor.Run(0, rows, Grain, (first, end) =>
        {
            for (var r = first; r < end; r++)
                for (var j = o[r]; j < o[r + 1]; j++) y[j] = Dot(left + (r * n), right + (c[j] * n), n);
        });
        foreach (var tensor in (Tensor[])[result, offsets, columns, x, table]) GC.KeepAlive(tensor);
        return result;
    }

    /// <summary>y += Σ x[j] · table[columns[j]], four rows at a time.</summary>
    private static void Gather<T>(T* y, T* x, long* columns, long count, T* table, long width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long j = 0;
        var step = Vector<T>.Count;
        for (; j + 4 <= count; j += 4)
        {
            var p = table + (columns[j] * width);
            var q = table + (columns[j + 1] * width);
            var r = table + (columns[j + 2] * width);
            var s = table + (columns[j + 3] * width);
            var (vp, vq) = (new Vector<T>(x[j]), new Vector<T>(x[j + 1]));
            var (vr, vs) = (new Vector<T>(x[j + 2]), new Vector<T>(x[j + 3]));
            long k = 0;
            for (; k + step <= width; k += step)
            {
                var left = (vp * Vector.Load(p + k)) + (vq * Vector.Load(q + k));
                var right = (vr * Vector.Load(r + k)) + (vs * Vector.Load(s + k));
                Vector.Store(Vector.Load(y + k) + (left + right), y + k);
            }
            for (; k < width; k++) y[k] += (x[j] * p[k]) + (x[j + 1] * q[k]) + ((x[j + 2] * r[k]) + (x[j + 3] * s[k]));
        }
        for (; j < count; j++)
        {
            var a = table + (columns[j] * width);
            var factor = new Vector<T>(x[j]);
            long k = 0;
            for (; k + step <= width; k += step) Vector.Store(Vector.Load(y + k) + (factor * Vector.Load(a + k)), y + k);
            for (; k < width; k++) y[k] += x[j] * a[k];
        }
    }

    private static T Dot<T>(T* x, T* y, long width) where T : unmanaged, IFloatingPointIeee754<T>
    {
        long k = 0;
        var step = Vector<T>.Count;
        var (one, two) = (Vector<T>.Zero, Vector<T>.Zero);
        for (; k + 2 * step <= width; k += 2 * step)
        {
            one += Vector.Load(x + k) * Vector.Load(y + k);
            two += Vector.Load(x + k + step) * Vector.Load(y + k + step);
        }
        var sum = Vector.Sum(one + two);
        for (; k < width; k++) sum += x[k] * y[k];
        return sum;
    }

    private static void Check(Tensor offsets, Tensor columns, long width)
    {
        var (rows, count) = (offsets.size(0) - 1, columns.size(0));
        var o = (long*)offsets.DataPointer;
        var c = (long*)columns.DataPointer;
        if (rows < 0 || o[0] != 0 || o[rows] != count)
            throw new ArgumentException($"sparse rows: the offsets do not go from 0 to the {count} entries");
        for (long r = 0; r < rows; r++)
            if (o[r] > o[r + 1]) throw new ArgumentException($"sparse rows: the offsets of row {r} fall");
        for (long j = 0; j < count; j++)
            if ((ulong)c[j] >= (ulong)width) throw new ArgumentException($"sparse rows: column {c[j]} of {width}");
        GC.KeepAlive(offsets);
        GC.KeepAlive(columns);
    }

    private static void CheckShape(string name, Tensor tensor, long[] shape)
    {
        if (!tensor.shape.AsSpan().SequenceEqual(shape) || !tensor.is_contiguous())
            throw new ArgumentException($"sparse rows: {name} is {tensor.Summary}; [{string.Join(", ", shape)}] in row-major order is expected");
    }
}
