using System.Numerics;
using System.Runtime.CompilerServices;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>A dense matrix times another's transpose, only where a sparse matrix has entries.</summary>
internal static unsafe class EntryProducts
{
    private const string Kernel = "products at entries";

    /// <summary>So many rows are worth a thread.</summary>
    private const long Grain = 16;

    /// <summary>For every entry the product of its row of x with the row of a table that its column names.</summary>
    /// <param name="offsets">Int64 [rows + 1]</param>
    /// <param name="columns">Int64 [entries]</param>
    /// <param name="x">[rows, n]</param>
    /// <param name="table">[width, n]</param>
    /// <returns>[entries]</returns>
    /// <exception cref="ArgumentException">A tensor has another layout, shape or type, or a column is none.</exception>
    internal static Tensor Of(Tensor offsets, Tensor columns, Tensor x, Tensor table) => x.dtype switch
    {
        ScalarType.Float32 => Of<float>(offsets, columns, x, table),
        ScalarType.Float64 => Of<double>(offsets, columns, x, table),
        _ => throw Arguments.NoKernel(Kernel, x),
    };

    private static Tensor Of<T>(Tensor offsets, Tensor columns, Tensor x, Tensor table) where T : unmanaged, INumber<T>
    {
        var rows = Arguments.Elements<T>(Kernel, "table", table, 2);
        var width = table.size(1);
        var at = new EntryPlaces(Kernel, offsets, columns, table.size(0));
        var from = Arguments.Shaped<T>(Kernel, "x", x, at.Rows, width);
        var products = empty(at.Count, x.dtype);
        var product = (T*)products.DataPointer;
        ParallelFor.Run(0, at.Rows, Grain, (begin, end) =>
        {
            for (var r = begin; r < end; r++)
                for (var j = at.Offsets[r]; j < at.Offsets[r + 1]; j++)
                    product[j] = Dot(from + (r * width), rows + (at.Columns[j] * width), width);
        });
        foreach (var tensor in (ReadOnlySpan<Tensor>)[offsets, columns, x, table]) GC.KeepAlive(tensor);
        return products;
    }

    /// <summary>Four sums at once: one alone would wait for each addition to end before the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Dot<T>(T* x, T* y, long length) where T : unmanaged, INumber<T>
    {
        var step = Vector<T>.Count;
        var (a, b, c, d) = (Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);
        var k = 0L;
        for (; k + (4 * step) <= length; k += 4 * step)
        {
            a = Lanes.MultiplyAdd(Vector.Load(x + k), Vector.Load(y + k), a);
            b = Lanes.MultiplyAdd(Vector.Load(x + k + step), Vector.Load(y + k + step), b);
            c = Lanes.MultiplyAdd(Vector.Load(x + k + (2 * step)), Vector.Load(y + k + (2 * step)), c);
            d = Lanes.MultiplyAdd(Vector.Load(x + k + (3 * step)), Vector.Load(y + k + (3 * step)), d);
        }
        for (; k + step <= length; k += step) a = Lanes.MultiplyAdd(Vector.Load(x + k), Vector.Load(y + k), a);
        var sum = Vector.Sum(a + b + (c + d));
        for (; k < length; k++) sum += x[k] * y[k];
        return sum;
    }
}
