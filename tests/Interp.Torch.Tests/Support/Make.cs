namespace Interp.Torch.Tests.Support;

/// <summary>Tensors for tests, on <see cref="TestDevice.Current"/>.</summary>
public static class Make
{
    /// <summary>One dimension with these elements.</summary>
    public static Tensor Of<T>(params T[] values) where T : unmanaged =>
        torch.tensor(values, device: TestDevice.Current);

    /// <summary>A matrix with these elements.</summary>
    public static Tensor Of<T>(T[,] values) where T : unmanaged => torch.tensor(values, device: TestDevice.Current);

    /// <summary>Elements in a shape.</summary>
    public static Tensor Shaped<T>(long[] shape, params T[] values) where T : unmanaged =>
        torch.tensor(values, shape, device: TestDevice.Current);

    /// <summary>0, 1, 2 … in a shape.</summary>
    public static Tensor Counting(params long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return torch.arange(count, ScalarType.Float32, TestDevice.Current).reshape(shape);
    }

    /// <summary>Normally distributed numbers, the same ones on every device.</summary>
    public static Tensor Normal(ulong seed, params long[] shape) => Normal(ScalarType.Float32, seed, shape);

    /// <summary>Normally distributed numbers of a type, the same ones on every device.</summary>
    public static Tensor Normal(ScalarType dtype, ulong seed, params long[] shape)
    {
        using var generator = new Generator(seed);
        return torch.randn(shape, generator, dtype).to(TestDevice.Current);
    }

    /// <summary>Normally distributed numbers that gradients flow to.</summary>
    public static Tensor Leaf(ulong seed, params long[] shape) =>
        Normal(ScalarType.Float64, seed, shape).requires_grad_();
}
