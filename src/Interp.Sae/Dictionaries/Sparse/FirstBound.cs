using System.Numerics;
using System.Runtime.CompilerServices;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>
/// What an entry must reach to be among the strongest, found at a glance, so that few entries are looked at.
/// </summary>
internal static unsafe class FirstBound
{
    /// <summary>Elements of a group in a row, at most.</summary>
    private const int GroupSize = 16;

    /// <summary>Elements that are looked at together in a sample.</summary>
    private const int Run = 64;

    /// <summary>Rows in a sample, at most.</summary>
    private const long SampleRows = 1 << 14;

    /// <summary>How many maxima <see cref="OfRow"/> needs room for.</summary>
    internal static int Groups(long width, long k) =>
        GroupLength(width, k) is var length and > 1 ? (int)(width / length) : 0;

    /// <summary>A bound that at least k keys of a row reach; 0 where there is none that is easily found.</summary>
    /// <remarks>
    /// A row is cut into groups, several for each one that is wanted. The k-th largest of the groups' maxima is reached
    /// by k keys, one in each of k groups, and by few others, as a group seldom has two of the strongest.
    /// </remarks>
    /// <param name="x">The row; a key is x, or x · scale.</param>
    /// <param name="scale">Null for 1.</param>
    /// <param name="width">The length of the row.</param>
    /// <param name="k">How many are wanted.</param>
    /// <param name="maxima">Room for <see cref="Groups"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static T OfRow<T>(T* x, T* scale, long width, long k, T* maxima) where T : unmanaged, INumber<T>
    {
        var length = GroupLength(width, k);
        if (length < 2) return T.Zero;
        var step = Vector<T>.Count;
        var groups = 0L;
        // Each lane of a vector is a group of its own.
        for (var start = 0L; start + (length * step) <= width; start += length * step)
        {
            var largest = Vector<T>.Zero;
            for (var at = start; at < start + (length * step); at += step)
            {
                var key = scale == null ? Vector.Load(x + at) : Vector.Load(x + at) * Vector.Load(scale + at);
                largest = Vector.ConditionalSelect(Vector.GreaterThan(key, largest), key, largest); // never NaN
            }
            Vector.Store(largest, maxima + groups);
            groups += step;
        }
        return groups < k ? T.Zero : KthLargest.Of(maxima, groups, k).Bound;
    }

    /// <summary>
    /// A bound that probably somewhat more than a number of the keys of a matrix reach, judged by a sample of it.
    /// </summary>
    /// <param name="x">[rows, width]; a key is x, or x · scale.</param>
    /// <param name="scale">Null for 1.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="width">The length of a row.</param>
    /// <param name="wanted">How many are wanted.</param>
    internal static T OfSample<T>(T* x, T* scale, long rows, long width, long wanted) where T : unmanaged, INumber<T>
    {
        if (width < Run) return T.Zero;
        var looks = Math.Min(rows, SampleRows);
        var sample = new T[looks * Run];
        for (var look = 0L; look < looks; look++)
        {
            // Another part of each row, so that all columns are looked at equally often.
            var first = look * Run % (width - Run + 1);
            var row = x + (rows * look / looks * width);
            for (var j = first; j < first + Run; j++)
            {
                var key = scale == null ? row[j] : row[j] * scale[j];
                sample[(look * Run) + j - first] = key > T.Zero ? key : T.Zero;
            }
        }
        var share = (long)Math.Ceiling(wanted * 1.25 * sample.Length / ((double)rows * width)) + 16;
        if (share >= sample.Length) return T.Zero;
        fixed (T* keys = sample) return KthLargest.Of(keys, sample.Length, share).Bound;
    }

    private static long GroupLength(long width, long k) => Math.Min(GroupSize, width / (4 * k));
}
