using System.Numerics;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>Chooses the strongest entries of a matrix among those above 0; of equally strong ones the first.</summary>
internal static unsafe class StrongestEntries
{
    private const string Kernel = "strongest entries";

    /// <summary>So many elements are worth a thread.</summary>
    private const long Grain = 1 << 16;

    /// <summary>The k entries of each row, or k · rows of all rows together, with the largest x · scale.</summary>
    /// <param name="x">[rows, width]</param>
    /// <param name="scale">[width], or null for 1; it takes part in choosing, not in the values.</param>
    /// <param name="k">From 1 to the width.</param>
    /// <param name="across">Whether all rows compete.</param>
    /// <exception cref="ArgumentException">
    /// A tensor has another layout, shape or type, or there is no such k.
    /// </exception>
    internal static SparseRows Of(Tensor x, Tensor? scale, int k, bool across) => x.dtype switch
    {
        ScalarType.Float32 => Of<float>(x, scale, k, across),
        ScalarType.Float64 => Of<double>(x, scale, k, across),
        _ => throw Arguments.NoKernel(Kernel, x),
    };

    private static SparseRows Of<T>(Tensor x, Tensor? scale, int k, bool across) where T : unmanaged, INumber<T>
    {
        var elements = Arguments.Elements<T>(Kernel, "x", x, 2);
        var (rows, width) = (x.size(0), x.size(1));
        if (k < 1 || k > width)
            throw new ArgumentException($"{Kernel}: {k} of {width} columns; x is [{rows}, {width}]");
        var factors = scale is null ? null : Arguments.Shaped<T>(Kernel, "scale", scale, width);
        var found = across
            ? OfAll(elements, factors, rows, width, k, x.dtype)
            : OfRows(elements, factors, rows, width, k, x.dtype);
        GC.KeepAlive(x);
        GC.KeepAlive(scale);
        return found;
    }

    private static SparseRows OfRows<T>(T* x, T* scale, long rows, long width, int k, ScalarType dtype)
        where T : unmanaged, INumber<T>
    {
        var parts = RowParts.Count(rows, Grain / width);
        var found = new FoundEntries<T>[parts];
        RowParts.Run(parts, rows, (part, begin, end) =>
        {
            found[part] = new FoundEntries<T>(checked((int)((end - begin) * k)));
            using var strongest = new Strongest<T>(k, width);
            fixed (T* maxima = new T[FirstBound.Groups(width, k)])
                for (var row = begin; row < end; row++)
                {
                    var elements = x + (row * width);
                    strongest.Start(FirstBound.OfRow(elements, scale, width, k, maxima));
                    strongest.Offer(elements, scale, width, 0);
                    strongest.Cut();
                    Add(found[part], strongest.Places, elements);
                }
        });
        return Joined(found, width, dtype);
    }

    private static void Add<T>(FoundEntries<T> found, ReadOnlySpan<long> places, T* row) where T : unmanaged
    {
        var room = found.Room(places.Length);
        var columns = room.Columns.Span;
        var values = room.Values.Span;
        for (var j = 0; j < places.Length; j++) (columns[j], values[j]) = ((int)places[j], row[places[j]]);
        found.EndRow(places.Length);
    }

    private static SparseRows Joined<T>(FoundEntries<T>[] found, long width, ScalarType dtype) where T : unmanaged
    {
        var joined = FoundEntries<T>.Join(found, width, dtype);
        foreach (var part in found) part.Dispose();
        return joined;
    }

    private static SparseRows OfAll<T>(T* x, T* scale, long rows, long width, int k, ScalarType dtype)
        where T : unmanaged, INumber<T>
    {
        var wanted = k * rows;
        var bound = FirstBound.OfSample(x, scale, rows, width, wanted);
        using var strongest = Collect(x, scale, rows, width, wanted, bound);
        if (strongest.Count == wanted || bound == T.Zero) return AtPlaces(strongest, x, scale, rows, width, dtype);
        // The sample promised more than there are.
        using var all = Collect(x, scale, rows, width, wanted, T.Zero);
        return AtPlaces(all, x, scale, rows, width, dtype);
    }

    private static Strongest<T> Collect<T>(T* x, T* scale, long rows, long width, long wanted, T bound)
        where T : unmanaged, INumber<T>
    {
        var parts = RowParts.Count(rows, Grain / width);
        var found = new Strongest<T>[parts];
        RowParts.Run(parts, rows, (part, begin, end) =>
        {
            found[part] = new Strongest<T>(wanted, rows * width);
            found[part].Start(bound);
            for (var row = begin; row < end; row++) found[part].Offer(x + (row * width), scale, width, row * width);
        });
        for (var part = 1; part < parts; part++)
        {
            found[0].Offer(found[part]);
            found[part].Dispose();
        }
        found[0].Cut();
        return found[0];
    }

    private static SparseRows AtPlaces<T>(Strongest<T> strongest, T* x, T* scale, long rows, long width,
        ScalarType dtype)
        where T : unmanaged, INumber<T>
    {
        var count = strongest.Count;
        var chosen = SparseRows.Empty(rows, width, count, dtype);
        long* offsets = (long*)chosen.Offsets.DataPointer, columns = (long*)chosen.Columns.DataPointer;
        var values = (T*)chosen.Values.DataPointer;
        var places = strongest.Places;
        var j = 0;
        for (var row = 0L; row < rows; row++)
        {
            offsets[row] = j;
            for (var first = row * width; j < count && places[j] < first + width; j++) columns[j] = places[j] - first;
        }
        offsets[rows] = j;
        strongest.Keys.CopyTo(new Span<T>(values, count));
        if (scale != null)
            ParallelFor.Run(0, rows, 64, (begin, end) => Values(offsets, columns, x, width, begin, end, values));
        return chosen;
    }

    private static void Values<T>(long* offsets, long* columns, T* x, long width, long begin, long end, T* values)
        where T : unmanaged
    {
        for (var row = begin; row < end; row++)
            for (var j = offsets[row]; j < offsets[row + 1]; j++) values[j] = x[(row * width) + columns[j]];
    }
}
