using System.Numerics;
using System.Runtime.CompilerServices;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>
/// A sparse matrix times a dense one: for every row the rows of a table that its columns name, weighted and added.
/// </summary>
internal static unsafe class GatherProduct
{
    private const string Kernel = "sparse product";

    /// <summary>So many rows are worth a thread.</summary>
    private const long Grain = 16;

    /// <summary>Adds the product to a sum.</summary>
    /// <param name="sum">[rows, n]</param>
    /// <param name="offsets">Int64 [rows + 1]</param>
    /// <param name="columns">Int64 [entries]</param>
    /// <param name="values">[entries]</param>
    /// <param name="table">[width, n]</param>
    /// <exception cref="ArgumentException">A tensor has another layout, shape or type, or a column is none.</exception>
    internal static void Add(Tensor sum, Tensor offsets, Tensor columns, Tensor values, Tensor table)
    {
        switch (table.dtype)
        {
            case ScalarType.Float32: Add<float>(sum, offsets, columns, values, table); break;
            case ScalarType.Float64: Add<double>(sum, offsets, columns, values, table); break;
            default: throw Arguments.NoKernel(Kernel, table);
        }
    }

    private static void Add<T>(Tensor sum, Tensor offsets, Tensor columns, Tensor values, Tensor table)
        where T : unmanaged, INumber<T>
    {
        var rows = Arguments.Elements<T>(Kernel, "table", table, 2);
        var width = table.size(1);
        var at = new EntryPlaces(Kernel, offsets, columns, table.size(0));
        var weights = Arguments.Shaped<T>(Kernel, "values", values, at.Count);
        var sums = Arguments.Shaped<T>(Kernel, "sum", sum, at.Rows, width);
        ParallelFor.Run(0, at.Rows, Grain, (begin, end) =>
        {
            for (var r = begin; r < end; r++)
            {
                var first = at.Offsets[r];
                var count = at.Offsets[r + 1] - first;
                AddRows(sums + (r * width), weights + first, at.Columns + first, count, rows, width);
            }
        });
        foreach (var tensor in (ReadOnlySpan<Tensor>)[sum, offsets, columns, values, table]) GC.KeepAlive(tensor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows<T>(T* sum, T* weights, long* columns, long count, T* table, long width)
        where T : unmanaged, INumber<T>
    {
        var step = Vector<T>.Count;
        var k = 0L;
        // Eight vectors of the sum stay in registers while all rows are added.
        for (; k + (8 * step) <= width; k += 8 * step)
        {
            var y = sum + k;
            var (y0, y1) = (Vector.Load(y), Vector.Load(y + step));
            var (y2, y3) = (Vector.Load(y + (2 * step)), Vector.Load(y + (3 * step)));
            var (y4, y5) = (Vector.Load(y + (4 * step)), Vector.Load(y + (5 * step)));
            var (y6, y7) = (Vector.Load(y + (6 * step)), Vector.Load(y + (7 * step)));
            for (var j = 0L; j < count; j++)
            {
                var row = table + (columns[j] * width) + k;
                var weight = new Vector<T>(weights[j]);
                y0 = Lanes.MultiplyAdd(weight, Vector.Load(row), y0);
                y1 = Lanes.MultiplyAdd(weight, Vector.Load(row + step), y1);
                y2 = Lanes.MultiplyAdd(weight, Vector.Load(row + (2 * step)), y2);
                y3 = Lanes.MultiplyAdd(weight, Vector.Load(row + (3 * step)), y3);
                y4 = Lanes.MultiplyAdd(weight, Vector.Load(row + (4 * step)), y4);
                y5 = Lanes.MultiplyAdd(weight, Vector.Load(row + (5 * step)), y5);
                y6 = Lanes.MultiplyAdd(weight, Vector.Load(row + (6 * step)), y6);
                y7 = Lanes.MultiplyAdd(weight, Vector.Load(row + (7 * step)), y7);
            }
            Vector.Store(y0, y);
            Vector.Store(y1, y + step);
            Vector.Store(y2, y + (2 * step));
            Vector.Store(y3, y + (3 * step));
            Vector.Store(y4, y + (4 * step));
            Vector.Store(y5, y + (5 * step));
            Vector.Store(y6, y + (6 * step));
            Vector.Store(y7, y + (7 * step));
        }
        for (; k + step <= width; k += step)
        {
            var y = Vector.Load(sum + k);
            for (var j = 0L; j < count; j++)
                y = Lanes.MultiplyAdd(new Vector<T>(weights[j]), Vector.Load(table + (columns[j] * width) + k), y);
            Vector.Store(y, sum + k);
        }
        for (; k < width; k++)
            for (var j = 0L; j < count; j++) sum[k] += weights[j] * table[(columns[j] * width) + k];
    }
}
