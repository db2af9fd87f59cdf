namespace Interp.Torch.Tests.Support;

/// <summary>What tests claim about tensors.</summary>
public static class AssertTensor
{
    /// <summary>The same shape, and the same elements exactly, in row-major order.</summary>
    public static void Equal<T>(long[] shape, T[] expected, Tensor actual) where T : unmanaged
    {
        Assert.Equal(shape, actual.shape);
        Assert.Equal(expected, actual.ToArray<T>());
    }

    /// <summary>One dimension with these elements exactly.</summary>
    public static void Equal<T>(T[] expected, Tensor actual) where T : unmanaged =>
        Equal([expected.Length], expected, actual);

    /// <summary>The same shape and type, and elements that differ by at most atol + rtol · |expected|.</summary>
    public static void Close(Tensor expected, Tensor actual, double atol = 1e-5, double rtol = 1e-5)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.dtype, actual.dtype);
        if (actual.allclose(expected, rtol, atol, equalNan: true)) return;
        var worst = (actual - expected).abs().max().item<double>();
        Assert.Fail($"differs by up to {worst}\nexpected {expected}\nactual   {actual}");
    }

    /// <summary>Elements in row-major order that differ by at most a tolerance, whatever the type.</summary>
    public static void Close(IEnumerable<double> expected, Tensor actual, double tolerance = 1e-5)
    {
        double[] values = [.. expected];
        var found = actual.to(ScalarType.Float64).ToArray<double>();
        Assert.Equal(values.Length, found.Length);
        for (var k = 0; k < values.Length; k++)
            Assert.True(Same(values[k], found[k], tolerance), $"element {k}: expected {values[k]}, got {found[k]}");
    }

    private static bool Same(double a, double b, double tolerance) =>
        a.Equals(b) || Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Abs(a));
}
