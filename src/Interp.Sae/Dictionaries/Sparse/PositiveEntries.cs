using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>Finds the entries of a matrix above 0, where they are few.</summary>
internal static unsafe class PositiveEntries
{
    private const string Kernel = "positive entries";

    /// <summary>So many elements are worth a thread.</summary>
    private const long Grain = 1 << 16;

    /// <summary>
    /// Where the first rows have twice the share that is allowed, the others are not read to know that.
    /// </summary>
    private const long SampleRows = 64;

    /// <summary>All entries above 0; null where they are more than a limit.</summary>
    /// <param name="x">[rows, width]</param>
    /// <param name="limit">How many are allowed.</param>
    /// <exception cref="ArgumentException">The tensor has another layout or type.</exception>
    internal static SparseRows? Of(Tensor x, long limit) => x.dtype switch
    {
        ScalarType.Float32 => Of<float>(x, limit),
        ScalarType.Float64 => Of<double>(x, limit),
        _ => throw Arguments.NoKernel(Kernel, x),
    };

    private static SparseRows? Of<T>(Tensor x, long limit) where T : unmanaged, INumber<T>
    {
        var elements = Arguments.Elements<T>(Kernel, "x", x, 2);
        var (rows, width) = (x.size(0), x.size(1));
        if (width > int.MaxValue)
            throw new ArgumentException($"{Kernel}: x is [{rows}, {width}]; there may be {int.MaxValue} columns");
        if (SampleRows < rows && Count(elements, SampleRows * width) / (double)SampleRows > 2.0 * limit / rows)
            return null;
        var found = Find(elements, rows, width, limit);
        GC.KeepAlive(x);
        var all = found.Sum(part => (long)part.Count) <= limit ? FoundEntries<T>.Join(found, width, x.dtype) : null;
        foreach (var part in found) part.Dispose();
        return all;
    }

    private static FoundEntries<T>[] Find<T>(T* x, long rows, long width, long limit) where T : unmanaged, INumber<T>
    {
        var parts = RowParts.Count(rows, Grain / Math.Max(width, 1));
        var found = new FoundEntries<T>[parts];
        RowParts.Run(parts, rows, (part, begin, end) =>
        {
            found[part] = new FoundEntries<T>((int)width);
            // A part with too many alone need not go on.
            for (var row = begin; row < end && found[part].Count <= limit; row++)
            {
                var room = found[part].Room((int)width);
                fixed (int* columns = room.Columns.Span)
                fixed (T* values = room.Values.Span)
                    found[part].EndRow(Collect(x + (row * width), (int)width, columns, values));
            }
        });
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Collect<T>(T* x, int width, int* columns, T* values) where T : unmanaged, INumber<T>
    {
        var step = Vector<T>.Count;
        var (k, count) = (0, 0);
        for (; k + (4 * step) <= width; k += 4 * step)
            for (var above = AboveZero(x + k); above != 0; above &= above - 1)
            {
                var at = k + BitOperations.TrailingZeroCount(above);
                (columns[count], values[count]) = (at, x[at]);
                count++;
            }
        for (; k < width; k++)
            if (x[k] > T.Zero)
            {
                (columns[count], values[count]) = (k, x[k]);
                count++;
            }
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Count<T>(T* x, long length) where T : unmanaged, INumber<T>
    {
        var step = Vector<T>.Count;
        var (k, count) = (0L, 0L);
        for (; k + (4 * step) <= length; k += 4 * step) count += BitOperations.PopCount(AboveZero(x + k));
        for (; k < length; k++) count += x[k] > T.Zero ? 1 : 0;
        return count;
    }

    /// <summary>Which of the next four vectors' elements are above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AboveZero<T>(T* x) where T : unmanaged
    {
        var (step, zero) = (Vector<T>.Count, Vector<T>.Zero);
        return Lanes.Above(Vector.Load(x), zero)
            | (Lanes.Above(Vector.Load(x + step), zero) << step)
            | (Lanes.Above(Vector.Load(x + (2 * step)), zero) << (2 * step))
            | (Lanes.Above(Vector.Load(x + (3 * step)), zero) << (3 * step));
    }
}
