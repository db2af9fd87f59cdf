using System.Numerics;
using Interp.Tensors;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>What a ReLU lets through backward, with the sums down the columns that its gradients need, in one pass.</summary>
internal static unsafe class ReluBackward
{
    private const int Grain = 512;

    /// <summary>
    /// Turns the gradient z of f = ReLU(…) into that of what went in, in place: z + add where f is above 0, else 0. Adds
    /// the sums down the columns of the result, of f and of 1[f > 0] to three rows.
    /// </summary>
    /// <param name="z">[rows, width]</param>
    /// <param name="f">[rows, width]</param>
    /// <param name="add">[width]</param>
    /// <param name="sums">[3, width]</param>
    internal static void Run<T>(Tensor z, Tensor f, Tensor add, Tensor sums) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (rows, width) = (z.size(0), z.size(1));
        if (!f.shape.AsSpan().SequenceEqual(z.shape) || add.numel() != width || sums.numel() != 3 * width
            || !z.is_contiguous() || !f.is_contiguous() || !sums.is_contiguous() || !add.is_contiguous())
            throw new ArgumentException($"relu backward: z {z.Summary}, f {f.Summary}, add {add.Summary}, sums {sums.Summary}");
        var gradient = (T*)z.DataPointer;
        var feature = (T*)f.DataPointer;
        var constant = (T*)add.DataPointer;
        var sum = (T*)sums.DataPointer;
        // Columns are shared out, so that every sum has one thread.
        ParallelFor.Run(0, width, Grain, (first, end) =>
        {
            for (long r = 0; r < rows; r++)
                Row(gradient + (r * width), feature + (r * width), constant, sum, width, first, end);
        });
        foreach (var tensor in (Tensor[])[z, f, add, sums]) GC.KeepAlive(tensor);
    }

    private static void Row<T>(T* z, T* f, T* add, T* sums, long width, long first, long end)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var a = sums;
        var b = sums + width;
        var c = sums + (2 * width);
        var k = first;
        var step = Vector<T>.Count;
        for (; k + step <= end; k += step)
        {
            var features = Vector.Load(f + k);
            var fires = Vector.GreaterThan(features, Vector<T>.Zero);
            var value = Vector.BitwiseAnd(Vector.Load(z + k) + Vector.Load(add + k), fires);
            Vector.Store(value, z + k);
            Vector.Store(Vector.Load(a + k) + value, a + k);
            Vector.Store(Vector.Load(b + k) + features, b + k);
            Vector.Store(Vector.Load(c + k) + Vector.BitwiseAnd(Vector<T>.One, fires), c + k);
        }
        for (; k < end; k++)
        {
            var fires = f[k] > T.Zero;
            z[k] = fires ? z[k] + add[k] : T.Zero;
            a[k] += z[k];
            b[k] += f[k];
            c[k] += fires ? T.One : T.Zero;
        }
    }
}
