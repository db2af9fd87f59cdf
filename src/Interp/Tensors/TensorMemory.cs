using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interp.Tensors.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>Tensors over memory that is not libtorch's, such as a mapped file.</summary>
public static class TensorMemory
{
    private static readonly ConcurrentDictionary<nint, ConcurrentQueue<Action>> Releases = new();

    /// <summary>A tensor over memory of the caller's: nothing is copied.</summary>
    /// <param name="data">The address of the first element.</param>
    /// <param name="shape">The size of every dimension.</param>
    /// <param name="strides">The distance in elements between neighbours, or null for rows without gaps.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="release">
    /// Runs once when the last tensor over the memory is freed, on whatever thread that happens; it must not throw.
    /// </param>
    /// <exception cref="ArgumentException">A size or stride is negative, or their numbers differ.</exception>
    public static Tensor From(nint data, long[] shape, long[]? strides, ScalarType dtype, Action release)
    {
        ArgumentNullException.ThrowIfNull(release);
        CheckSizes(shape, strides);
        if (shape.Contains(0))
        {
            release();
            return torch.empty(shape, dtype);
        }
        if (strides is null) return Whole(data, shape, dtype, release);
        // Rows without gaps first, up to the last element; the view with the strides keeps them alive.
        var extent = 1 + shape.Zip(strides, static (size, stride) => (size - 1) * stride).Sum();
        using var whole = Whole(data, [extent], dtype, release).DetachFromDisposeScope();
        return whole.as_strided(shape, strides);
    }

    private static unsafe Tensor Whole(nint data, long[] shape, ScalarType dtype, Action release)
    {
        StableInterface.Initialize();
        Releases.GetOrAdd(data, static _ => new()).Enqueue(release);
        nint handle;
        fixed (long* sizes = shape)
            handle = StableInterface.NewOverMemory(data, &Release, sizes, shape.Length, (sbyte)dtype, (sbyte)dtype, 0, -1, 0);
        if (handle != 0) return Tensor.UnsafeCreateTensor(handle);
        torch.CheckForErrors();
        throw new TorchException($"no tensor [{string.Join(", ", shape)}] of {dtype} could be made over memory");
    }

    private static void CheckSizes(long[] shape, long[]? strides)
    {
        if (shape.Concat(strides ?? []).Any(number => number < 0))
            throw new ArgumentException($"sizes [{string.Join(", ", shape)}] and strides [{string.Join(", ", strides ?? [])}] must not be negative");
        if (strides is not null && strides.Length != shape.Length)
            throw new ArgumentException($"{strides.Length} strides for {shape.Length} dimensions");
    }

    /// <summary>Tensors that start at one address lie in one memory, so it does not matter whose release runs first.</summary>
    [UnmanagedCallersOnly]
    private static void Release(nint data)
    {
        if (Releases.TryGetValue(data, out var releases) && releases.TryDequeue(out var release)) release();
    }
}
