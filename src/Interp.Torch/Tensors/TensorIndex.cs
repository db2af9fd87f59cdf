namespace Interp.Torch;

/// <summary>
/// One part of an index: a position, a range, a tensor of positions or a mask,
/// a new axis or an ellipsis.
/// </summary>
/// <remarks>
/// <code>
/// x[0], x[^1], x[.., 2..5], x[TensorIndex.Ellipsis, -1], x[mask], x[rows, 3], x[TensorIndex.None]
/// </code>
/// </remarks>
public readonly struct TensorIndex
{
    private TensorIndex(IndexKind kind, long? start = null, long? stop = null, long step = 1, Tensor? tensor = null)
    {
        Kind = kind;
        Start = start;
        Stop = stop;
        Step = step;
        Positions = tensor;
    }

    internal enum IndexKind { Slice, Position, Tensor, NewAxis, Ellipsis }

    /// <summary>All entries of a dimension, Python's <c>:</c>.</summary>
    public static TensorIndex Colon => new(IndexKind.Slice);

    /// <summary>All dimensions that are not named, Python's <c>...</c>.</summary>
    public static TensorIndex Ellipsis => new(IndexKind.Ellipsis);

    /// <summary>A new dimension of size 1.</summary>
    public static TensorIndex None => new(IndexKind.NewAxis);

    internal IndexKind Kind { get; }

    internal long? Start { get; }

    internal long? Stop { get; }

    internal long Step { get; }

    internal Tensor? Positions { get; }

    /// <summary>
    /// Every step-th entry from start to before stop; null leaves an end open,
    /// negatives count from the end.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
    public static TensorIndex Slice(long? start = null, long? stop = null, long step = 1) =>
        step > 0
            ? new(IndexKind.Slice, start, stop, step)
            : throw new ArgumentOutOfRangeException(nameof(step), step,
                "a slice's step must be positive; use flip() to reverse");

    /// <summary>The entries, or with a bool tensor the true places, that a tensor lists.</summary>
    public static TensorIndex Tensor(Tensor positions) => new(IndexKind.Tensor, tensor: positions);

    /// <summary>A position; negative ones count from the end.</summary>
    public static implicit operator TensorIndex(long position) => new(IndexKind.Position, position);

    /// <summary>A position; negative ones count from the end.</summary>
    public static implicit operator TensorIndex(int position) => new(IndexKind.Position, position);

    /// <summary>A position, where <c>^1</c> is the last.</summary>
    public static implicit operator TensorIndex(Index index) =>
        new(IndexKind.Position, index.IsFromEnd ? -(long)index.Value : index.Value);

    /// <summary>A range, where <c>..</c> is everything and <c>^2..</c> the last two.</summary>
    public static implicit operator TensorIndex(Range range) =>
        new(IndexKind.Slice, End(range.Start, false), End(range.End, true));

    /// <summary>A tensor of positions or a mask.</summary>
    public static implicit operator TensorIndex(Tensor positions) => Tensor(positions);

    private static long? End(Index index, bool isStop) =>
        !index.IsFromEnd ? index.Value : index.Value == 0 ? (isStop ? null : long.MaxValue) : -(long)index.Value;
}
