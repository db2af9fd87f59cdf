using Interp.Sae.Dictionaries.Sparse;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>
/// The features of a batch that are on, row by row: a sparse matrix [rows, width] in compressed rows. Products with it
/// cost what is on, not what there is.
/// </summary>
/// <param name="Offsets">Int64 [rows + 1]: row r has the entries from Offsets[r] up to Offsets[r + 1].</param>
/// <param name="Columns">Int64 [entries]: the column of each, rising within a row.</param>
/// <param name="Values">[entries]</param>
/// <param name="Width">The number of columns.</param>
internal sealed record SparseRows(Tensor Offsets, Tensor Columns, Tensor Values, long Width)
{
    /// <summary>The number of rows.</summary>
    internal long Rows => Offsets.size(0) - 1;

    /// <summary>How many rows every column is on in: int64 [width].</summary>
    internal Tensor Counts => Columns.bincount(null, Width);

    /// <summary>Whether there are kernels for these: CPU, float32 or float64.</summary>
    internal static bool Supports(Tensor x) =>
        x.device_type == DeviceType.CPU && x.dtype is ScalarType.Float32 or ScalarType.Float64;

    /// <summary>Room for entries, none of it filled in yet.</summary>
    internal static SparseRows Empty(long rows, long width, long entries, ScalarType dtype) =>
        new(empty(rows + 1, ScalarType.Int64), empty(entries, ScalarType.Int64), empty(entries, dtype), width);

    /// <summary>The entries of x that are above 0 and for which x · scale is among the largest.</summary>
    /// <param name="x">[rows, width]</param>
    /// <param name="scale">[width], not negative, or null for 1; it takes part in choosing, not in the values.</param>
    /// <param name="k">How many of each row, or k · rows of all rows together.</param>
    /// <param name="across">Whether all rows compete.</param>
    internal static SparseRows Top(Tensor x, Tensor? scale, int k, bool across) =>
        StrongestEntries.Of(x, scale, k, across);

    /// <summary>The entries above 0; null where they are more than a share of all.</summary>
    internal static SparseRows? Positive(Tensor x, double share) => PositiveEntries.Of(x, (long)(share * x.numel()));

    /// <summary>Adds this times a matrix [width, n] to a sum [rows, n].</summary>
    internal void AddMatMul(Tensor sum, Tensor table) => GatherProduct.Add(sum, Offsets, Columns, Values, table);

    /// <summary>A bias [n] plus this times a matrix [width, n]: [rows, n].</summary>
    internal Tensor MatMul(Tensor bias, Tensor table)
    {
        var sum = bias.expand(Rows, table.size(1)).clone();
        AddMatMul(sum, table);
        return sum;
    }

    /// <summary>x · tableᵀ at the entries only: [entries], of x [rows, n] and a table [width, n].</summary>
    internal Tensor Dot(Tensor x, Tensor table) => EntryProducts.Of(Offsets, Columns, x, table);

    /// <summary>The transpose [width, rows], and for each of its entries the place that it had here.</summary>
    internal (SparseRows Transposed, Tensor From) Transpose()
    {
        var (offsets, columns, from) = EntryTranspose.Of(Offsets, Columns, Width);
        return (new SparseRows(offsets, columns, Values.index_select(0, from), Rows), from);
    }

    /// <summary>The entries in columns from <paramref name="first"/> up to <paramref name="end"/>.</summary>
    internal SparseRows Between(long first, long end)
    {
        if (first == 0 && end == Width) return this;
        var inside = Columns.ge(first).logical_and(Columns.lt(end));
        var which = inside.nonzero().flatten();
        var before = cat([zeros([1], ScalarType.Int64), inside.to(ScalarType.Int64).cumsum(0)]);
        return this with
        {
            Offsets = before.index_select(0, Offsets),
            Columns = Columns.index_select(0, which),
            Values = Values.index_select(0, which),
        };
    }
}
