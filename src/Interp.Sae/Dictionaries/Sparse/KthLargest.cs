using System.Numerics;
using System.Runtime.CompilerServices;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>A bound that separates the k largest of many positive numbers from the others.</summary>
/// <remarks>
/// Problem: selection by partitions (Hoare 1961, "Find") mispredicts every second comparison. Idea: the bits of
/// positive floating-point numbers, read as an integer, are in the order of the numbers. So the bound is found bit by
/// bit from the highest, and each bit asks one thing: how many numbers are at least this large? Counting is done
/// several at a time. Once exactly k are, the remaining bits do not matter.
/// </remarks>
internal static unsafe class KthLargest
{
    /// <summary>
    /// A bound that the k largest reach and no others; where several equal the k-th largest, that number itself.
    /// </summary>
    /// <param name="numbers">Not negative, no NaN.</param>
    /// <param name="count">How many; at least k.</param>
    /// <param name="k">From 1.</param>
    /// <returns>
    /// The bound, and how many numbers reach it: k, or more where some are equal to the k-th. The bound is 0 where
    /// fewer than k are above 0.
    /// </returns>
    internal static (T Bound, long Reached) Of<T>(T* numbers, long count, long k) where T : unmanaged, INumber<T>
    {
        var (least, largest) = Range(numbers, count);
        var (bits, reached) = (0UL, count);
        for (var bit = (sizeof(T) * 8) - 2; bit >= 0 && reached != k; bit--)
        {
            var candidate = bits | (1UL << bit);
            var bound = FromBits<T>(candidate);
            // No number lies above the largest, NaN included, and all reach the least.
            var reaching = !(bound <= largest) ? 0 : bound <= least ? count : Reaching(numbers, count, bound);
            if (reaching >= k) (bits, reached) = (candidate, reaching);
        }
        return (FromBits<T>(bits), reached);
    }

    /// <summary>The number just below a positive one; 0 for 0.</summary>
    internal static T Below<T>(T number) where T : unmanaged
    {
        var bits = sizeof(T) == sizeof(int) ? Unsafe.BitCast<T, uint>(number) : Unsafe.BitCast<T, ulong>(number);
        return FromBits<T>(bits == 0 ? 0 : bits - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Reaching<T>(T* numbers, long count, T bound) where T : unmanaged, INumber<T>
    {
        var bounds = new Vector<T>(bound);
        var (sum, at, step) = (0L, 0L, (long)Vector<T>.Count);
        // Every lane counts for itself, in whole numbers as wide as the elements; a block is short enough for 32 bits.
        while (at + step <= count)
        {
            var (a, b) = (Vector<T>.Zero, Vector<T>.Zero);
            var end = Math.Min(count, at + (1L << 30));
            for (; at + (2 * step) <= end; at += 2 * step)
            {
                a = Minus(a, Vector.GreaterThanOrEqual(Vector.Load(numbers + at), bounds));
                b = Minus(b, Vector.GreaterThanOrEqual(Vector.Load(numbers + at + step), bounds));
            }
            if (at + step <= end)
            {
                a = Minus(a, Vector.GreaterThanOrEqual(Vector.Load(numbers + at), bounds));
                at += step;
            }
            sum += Total(a) + Total(b);
        }
        for (; at < count; at++) sum += numbers[at] >= bound ? 1 : 0;
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (T Least, T Largest) Range<T>(T* numbers, long count) where T : unmanaged, INumber<T>
    {
        var step = Vector<T>.Count;
        var (least, largest, at) = (numbers[0], numbers[0], 0L);
        if (count >= step)
        {
            var (low, high) = (Vector.Load(numbers), Vector.Load(numbers));
            for (at = step; at + step <= count; at += step)
                (low, high) = (Vector.Min(low, Vector.Load(numbers + at)), Vector.Max(high, Vector.Load(numbers + at)));
            for (var lane = 0; lane < step; lane++)
            {
                if (low[lane] < least) least = low[lane];
                if (high[lane] > largest) largest = high[lane];
            }
        }
        for (; at < count; at++)
        {
            if (numbers[at] < least) least = numbers[at];
            if (numbers[at] > largest) largest = numbers[at];
        }
        return (least, largest);
    }

    /// <summary>A comparison gives −1, all bits, where it holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Minus<T>(Vector<T> lanes, Vector<T> holds) where T : unmanaged =>
        sizeof(T) == sizeof(int)
            ? (lanes.As<T, int>() - holds.As<T, int>()).As<int, T>()
            : (lanes.As<T, long>() - holds.As<T, long>()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Total<T>(Vector<T> lanes) where T : unmanaged =>
        sizeof(T) == sizeof(int) ? Vector.Sum(lanes.As<T, int>()) : Vector.Sum(lanes.As<T, long>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T FromBits<T>(ulong bits) where T : unmanaged =>
        sizeof(T) == sizeof(int)
            ? Unsafe.BitCast<uint, T>((uint)bits)
            : Unsafe.BitCast<ulong, T>(bits);
}
