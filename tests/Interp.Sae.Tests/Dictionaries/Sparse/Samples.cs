using Interp.Sae.Dictionaries;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries.Sparse;

/// <summary>Matrices for the tests of kernels, and comparisons.</summary>
internal static class Samples
{
    /// <summary>
    /// Float32 and float64, narrow and wide, fewer columns than a vector has lanes, no multiple of them, and more.
    /// </summary>
    internal static TheoryData<ScalarType, int, int> Shapes
    {
        get
        {
            var data = new TheoryData<ScalarType, int, int>();
            foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
                foreach (var (rows, width) in new[] { (1, 1), (5, 3), (9, 16), (64, 67), (130, 256), (150, 1031) })
                    data.Add(dtype, rows, width);
            return data;
        }
    }

    internal static Tensor Normal(ScalarType dtype, params long[] shape)
    {
        using var generator = new Generator(7);
        return randn(shape, dtype, generator: generator);
    }

    /// <summary>Rounded to halves, so that many entries are equal and many are 0.</summary>
    internal static Tensor Ties(ScalarType dtype, params long[] shape) => (Normal(dtype, shape) * 2).round().div(2);

    /// <summary>About one entry in five, and no entry in some rows and columns.</summary>
    internal static SparseRows Sparse(ScalarType dtype, long rows, long width)
    {
        var dense = Normal(dtype, rows, width) - 0.8;
        dense[0] = zeros([width], dtype);
        dense[.., (int)(width / 2)] = zeros([rows], dtype);
        return SparseRows.Positive(dense, 1)!;
    }

    internal static Tensor Dense(SparseRows sparse)
    {
        var counts = sparse.Offsets[1..] - sparse.Offsets[..^1];
        var rows = arange(sparse.Rows, ScalarType.Int64).repeat_interleave(counts);
        var dense = zeros([sparse.Rows, sparse.Width], sparse.Values.dtype);
        return dense.index_put_(sparse.Values, rows, sparse.Columns);
    }

    internal static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.dtype, actual.dtype);
        if (!expected.Equals(actual)) Assert.Fail($"expected {expected.jlstr()}, got {actual.jlstr()}");
    }

    internal static void Same(SparseRows expected, SparseRows actual)
    {
        Same(expected.Offsets, actual.Offsets);
        Same(expected.Columns, actual.Columns);
        Same(expected.Values, actual.Values);
        Assert.Equal(expected.Width, actual.Width);
    }

    /// <summary>Sums of the same numbers in another order.</summary>
    internal static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.dtype, actual.dtype);
        if (expected.numel() == 0) return;
        var rounding = expected.dtype == ScalarType.Float32 ? 2e-6 : 1e-14;
        var allowed = rounding * Math.Max(1, expected.abs().max().ToDouble());
        var difference = (expected - actual).abs().max().ToDouble();
        Assert.True(difference <= allowed, $"the largest difference is {difference}, allowed is {allowed}");
    }
}
