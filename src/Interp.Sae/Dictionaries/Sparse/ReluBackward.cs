using System.Numerics;
using System.Runtime.CompilerServices;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>
/// The gradient of f = ReLU(…) turned into that of what went in, with the sums that biases and statistics need.
/// </summary>
internal static unsafe class ReluBackward
{
    private const string Kernel = "relu backward";

    /// <summary>So many columns are worth a thread. Columns are shared out, so that every sum has one thread.</summary>
    private const long Grain = 512;

    /// <summary>
    /// z becomes z + add where f is above 0, else 0; its sums down the columns, those of f and of [f &gt; 0] are added.
    /// </summary>
    /// <param name="z">[rows, width]</param>
    /// <param name="f">[rows, width]</param>
    /// <param name="add">[width]</param>
    /// <param name="sums">[3, width]</param>
    /// <exception cref="ArgumentException">A tensor has another layout, shape or type.</exception>
    internal static void InPlace(Tensor z, Tensor f, Tensor add, Tensor sums)
    {
        switch (z.dtype)
        {
            case ScalarType.Float32: InPlace<float>(z, f, add, sums); break;
            case ScalarType.Float64: InPlace<double>(z, f, add, sums); break;
            default: throw Arguments.NoKernel(Kernel, z);
        }
    }

    private static void InPlace<T>(Tensor z, Tensor f, Tensor add, Tensor sums) where T : unmanaged, INumber<T>
    {
        var gradient = Arguments.Elements<T>(Kernel, "z", z, 2);
        var (rows, width) = (z.size(0), z.size(1));
        var features = Arguments.Shaped<T>(Kernel, "f", f, rows, width);
        var constant = Arguments.Shaped<T>(Kernel, "add", add, width);
        var sum = Arguments.Shaped<T>(Kernel, "sums", sums, 3, width);
        ParallelFor.Run(0, width, Grain, (begin, end) =>
            Columns(gradient + begin, features + begin, constant + begin, sum + begin, rows, end - begin, width));
        foreach (var tensor in (ReadOnlySpan<Tensor>)[z, f, add, sums]) GC.KeepAlive(tensor);
    }

    /// <summary>
    /// Four rows at once, whose sums are taken in their order: the sums are read and written a quarter as often.
    /// </summary>
    private static void Columns<T>(T* z, T* f, T* add, T* sums, long rows, long count, long width)
        where T : unmanaged, INumber<T>
    {
        var row = 0L;
        for (; row + 4 <= rows; row += 4) FourRows(z + (row * width), f + (row * width), add, sums, count, width);
        for (; row < rows; row++) OneRow(z + (row * width), f + (row * width), add, sums, 0, count, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows<T>(T* z, T* f, T* add, T* sums, long count, long width) where T : unmanaged, INumber<T>
    {
        var step = Vector<T>.Count;
        var k = 0L;
        for (; k + step <= count; k += step)
        {
            var constant = Vector.Load(add + k);
            var (zSum, fSum) = (Vector.Load(sums + k), Vector.Load(sums + width + k));
            var on = Vector.Load(sums + (2 * width) + k);
            Row(z + k, f + k, constant, ref zSum, ref fSum, ref on);
            Row(z + width + k, f + width + k, constant, ref zSum, ref fSum, ref on);
            Row(z + (2 * width) + k, f + (2 * width) + k, constant, ref zSum, ref fSum, ref on);
            Row(z + (3 * width) + k, f + (3 * width) + k, constant, ref zSum, ref fSum, ref on);
            Vector.Store(zSum, sums + k);
            Vector.Store(fSum, sums + width + k);
            Vector.Store(on, sums + (2 * width) + k);
        }
        for (var row = 0; row < 4; row++) OneRow(z + (row * width), f + (row * width), add, sums, k, count, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<T>(T* z, T* f, Vector<T> add, ref Vector<T> zSum, ref Vector<T> fSum, ref Vector<T> on)
        where T : unmanaged
    {
        var feature = Vector.Load(f);
        var fires = Vector.GreaterThan(feature, Vector<T>.Zero);
        var value = (Vector.Load(z) + add) & fires;
        Vector.Store(value, z);
        zSum += value;
        fSum += feature;
        on += Vector<T>.One & fires;
    }

    private static void OneRow<T>(T* z, T* f, T* add, T* sums, long first, long count, long width)
        where T : unmanaged, INumber<T>
    {
        for (var k = first; k < count; k++)
        {
            var fires = f[k] > T.Zero;
            z[k] = fires ? z[k] + add[k] : T.Zero;
            sums[k] += z[k];
            sums[width + k] += f[k];
            sums[(2 * width) + k] += fires ? T.One : T.Zero;
        }
    }
}
