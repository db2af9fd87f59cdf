using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Hooks;

/// <summary>Which entries of a dimension are meant: one, a range, a list, or all.</summary>
/// <remarks>
/// Written as what it is: <c>3</c> or <c>^1</c> (one entry; the dimension goes away), <c>2..5</c> (a range),
/// <c>new[] { 0, 4 }</c> (a list), <c>Slice.All</c> or nothing (all). Negative positions count from the end.
/// <code>
/// var last = cache.AccumulatedResid(pos: ^1).Values;   // [component, batch, d_model]
/// </code>
/// </remarks>
public readonly struct Slice
{
    private readonly Index? one;
    private readonly Range? range;
    private readonly int[]? list;

    private Slice(Index? one, Range? range, int[]? list)
    {
        this.one = one;
        this.range = range;
        this.list = list;
    }

    /// <summary>All entries: nothing is taken away.</summary>
    public static Slice All => default;

    /// <summary>Whether all entries are meant.</summary>
    public bool IsAll => one is null && range is null && list is null;

    /// <summary>Whether the dimension goes away, because one entry is meant.</summary>
    public bool DropsDimension => one is not null;

    /// <summary>One entry; negative ones count from the end.</summary>
    public static implicit operator Slice(int position) => new(At(position), null, null);

    /// <summary>One entry, where <c>^1</c> is the last.</summary>
    public static implicit operator Slice(Index position) => new(position, null, null);

    /// <summary>A range, where <c>^2..</c> is the last two.</summary>
    public static implicit operator Slice(Range range) => new(null, range, null);

    /// <summary>The entries of a list, in its order; negative ones count from the end.</summary>
    public static implicit operator Slice(int[] positions) => new(null, null, [.. positions]);

    /// <summary>The part of a tensor that is meant: a view, or a copy for a list.</summary>
    /// <param name="tensor">Any tensor.</param>
    /// <param name="dim">The dimension; negative ones count from the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension has no such entry.</exception>
    public Tensor Apply(Tensor tensor, int dim)
    {
        if (IsAll) return tensor.alias();
        var size = tensor.size(dim);
        var positions = Positions(size);
        if (one is not null) return tensor.select(dim, positions[0]);
        if (range is not null) return tensor.narrow(dim, positions.Count == 0 ? 0 : positions[0], positions.Count);
        using var index = torch.tensor(positions.Select(p => (long)p).ToArray(), device: tensor.device);
        return tensor.index_select(dim, index);
    }

    /// <summary>
    /// The same entry as a list of one, so that the dimension stays; what else is meant stays as it is.
    /// </summary>
    public Slice AsList() => one is { } single
        ? new Slice(null, null, [single.IsFromEnd ? -single.Value : single.Value]) : this;

    /// <summary>The positions that are meant in a dimension of a size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public IReadOnlyList<int> Positions(long size)
    {
        var count = checked((int)size);
        if (one is { } single) return [Offset(single, count)];
        if (list is not null) return [.. list.Select(p => Offset(At(p), count))];
        var (start, stop) = range is { } r ? (r.Start.GetOffset(count), r.End.GetOffset(count)) : (0, count);
        if (start < 0 || stop > count || start > stop)
            throw new ArgumentOutOfRangeException(nameof(size),
                $"the range {range} does not lie in a dimension of {count} entries");
        return [.. Enumerable.Range(start, stop - start)];
    }

    /// <inheritdoc/>
    public override string ToString() =>
        one?.ToString() ?? range?.ToString() ?? (list is null ? "all" : $"[{string.Join(", ", list)}]");

    private static Index At(int position) => position < 0 ? new Index(-position, fromEnd: true) : new Index(position);

    private static int Offset(Index position, int count)
    {
        var at = position.GetOffset(count);
        return (uint)at < (uint)count
            ? at
            : throw new ArgumentOutOfRangeException(nameof(position),
                $"position {position} does not lie in a dimension of {count} entries");
    }
}
