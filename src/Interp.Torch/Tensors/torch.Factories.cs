using System.Runtime.InteropServices;
using Interp.Torch.Engine;

namespace Interp.Torch;

// Functions that make tensors. Element type float32 and the processor's memory unless said otherwise.
public static partial class torch
{
    private static readonly Operator ZerosOp = Operator.Get("aten::zeros");
    private static readonly Operator OnesOp = Operator.Get("aten::ones");
    private static readonly Operator EmptyOp = Operator.Get("aten::empty.memory_format");
    private static readonly Operator FullOp = Operator.Get("aten::full");
    private static readonly Operator EyeOp = Operator.Get("aten::eye.m");
    private static readonly Operator ArangeOp = Operator.Get("aten::arange.start_step");
    private static readonly Operator LinspaceOp = Operator.Get("aten::linspace");
    private static readonly Operator RandOp = Operator.Get("aten::rand.generator");
    private static readonly Operator RandnOp = Operator.Get("aten::randn.generator");
    private static readonly Operator RandintOp = Operator.Get("aten::randint.low_generator");
    private static readonly Operator RandpermOp = Operator.Get("aten::randperm.generator");
    private static readonly Operator ZerosLikeOp = Operator.Get("aten::zeros_like");
    private static readonly Operator OnesLikeOp = Operator.Get("aten::ones_like");
    private static readonly Operator EmptyLikeOp = Operator.Get("aten::empty_like");
    private static readonly Operator FullLikeOp = Operator.Get("aten::full_like");

    /// <summary>A tensor of zeros.</summary>
    public static Tensor zeros(long[] shape, ScalarType dtype = ScalarType.Float32, Device? device = null) =>
        ZerosOp.Call(shape, dtype, Arg.None, device);

    /// <summary>A tensor of ones.</summary>
    public static Tensor ones(long[] shape, ScalarType dtype = ScalarType.Float32, Device? device = null) =>
        OnesOp.Call(shape, dtype, Arg.None, device);

    /// <summary>A tensor whose elements are whatever lies in its memory.</summary>
    public static Tensor empty(long[] shape, ScalarType dtype = ScalarType.Float32, Device? device = null) =>
        EmptyOp.Call(shape, dtype, Arg.None, device);

    /// <summary>A tensor of one number.</summary>
    public static Tensor full(long[] shape, Scalar value, ScalarType dtype = ScalarType.Float32,
        Device? device = null) =>
        FullOp.Call(shape, value, dtype, Arg.None, device);

    /// <summary>The identity matrix, or a rectangle with ones on the diagonal.</summary>
    public static Tensor eye(long rows, long? columns = null, ScalarType dtype = ScalarType.Float32,
        Device? device = null) =>
        EyeOp.Call(rows, columns ?? rows, dtype, Arg.None, device);

    /// <summary>The integers from 0 to before <paramref name="end"/>.</summary>
    public static Tensor arange(long end, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        ArangeOp.Call(0L, end, 1L, dtype, Arg.None, device);

    /// <summary>Numbers from start to before end.</summary>
    public static Tensor arange(Scalar start, Scalar end, Scalar step, ScalarType dtype = ScalarType.Int64,
        Device? device = null) =>
        ArangeOp.Call(start, end, step, dtype, Arg.None, device);

    /// <summary>Equally spaced numbers from start to end, both included.</summary>
    public static Tensor linspace(Scalar start, Scalar end, long steps, ScalarType dtype = ScalarType.Float32,
        Device? device = null) =>
        LinspaceOp.Call(start, end, steps, dtype, Arg.None, device);

    /// <summary>Uniform random numbers in [0, 1).</summary>
    public static Tensor rand(long[] shape, Generator? generator = null, ScalarType dtype = ScalarType.Float32,
        Device? device = null) =>
        RandOp.Call(shape, generator, dtype, Arg.None, device);

    /// <summary>Normally distributed random numbers with mean 0 and variance 1.</summary>
    public static Tensor randn(long[] shape, Generator? generator = null, ScalarType dtype = ScalarType.Float32,
        Device? device = null) =>
        RandnOp.Call(shape, generator, dtype, Arg.None, device);

    /// <summary>Random integers from low to before high.</summary>
    public static Tensor randint(long low, long high, long[] shape, Generator? generator = null,
        ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        RandintOp.Call(low, high, shape, generator, dtype, Arg.None, device);

    /// <summary>The integers from 0 to before n in random order.</summary>
    public static Tensor randperm(long n, Generator? generator = null, ScalarType dtype = ScalarType.Int64,
        Device? device = null) =>
        RandpermOp.Call(n, generator, dtype, Arg.None, device);

    /// <summary>Zeros with the shape, type and device of another tensor.</summary>
    public static Tensor zeros_like(Tensor input) => ZerosLikeOp.Call(input);

    /// <summary>Ones with the shape, type and device of another tensor.</summary>
    public static Tensor ones_like(Tensor input) => OnesLikeOp.Call(input);

    /// <summary>Uninitialized memory with the shape, type and device of another tensor.</summary>
    public static Tensor empty_like(Tensor input) => EmptyLikeOp.Call(input);

    /// <summary>One number with the shape, type and device of another tensor.</summary>
    public static Tensor full_like(Tensor input, Scalar value) => FullLikeOp.Call(input, value);

    /// <summary>Random numbers with the shape, type and device of another tensor, normally distributed.</summary>
    public static Tensor randn_like(Tensor input, Generator? generator = null) =>
        randn(input.shape, generator, input.dtype, input.device);

    /// <summary>A tensor of no dimensions: one number. Doubles give float32, as in PyTorch.</summary>
    public static Tensor tensor(double value, ScalarType dtype = ScalarType.Float32, Device? device = null) =>
        full([], value, dtype, device);

    /// <summary>A tensor of no dimensions: one integer.</summary>
    public static Tensor tensor(long value, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        full([], value, dtype, device);

    /// <summary>A tensor with a copy of an array's elements,
    /// in row-major order.</summary> <param name="data">The elements.</param>
    /// <param name="shape">The shape; one dimension where it is null.</param>
    /// <param name="dtype">The element type; that of the array where it is null.</param>
    /// <param name="device">The device; the processor where it is null.</param>
    /// <exception cref="ArgumentException">The shape has another number of elements.</exception>
    public static unsafe Tensor tensor<T>(ReadOnlySpan<T> data, long[]? shape = null, ScalarType? dtype = null,
        Device? device = null)
        where T : unmanaged
    {
        shape ??= [data.Length];
        var count = shape.Aggregate(1L, (product, size) => checked(product * size));
        if (count != data.Length)
            throw new ArgumentException(
                $"{data.Length} elements do not fill the shape [{string.Join(", ", shape)}], which has {count}");
        var result = empty(shape, ScalarTypes.Of<T>());
        var bytes = MemoryMarshal.AsBytes(data);
        if (bytes.Length > 0) bytes.CopyTo(new Span<byte>((void*)result.data_ptr, bytes.Length));
        var same = (dtype is null || dtype == result.dtype) && (device is null || device.Value.Type == DeviceType.CPU);
        if (same) return result;
        using (result) return result.to(dtype ?? result.dtype, device ?? Device.CPU);
    }

    /// <inheritdoc cref="tensor{T}(ReadOnlySpan{T}, long[], ScalarType?, Device?)"/>
    public static Tensor tensor<T>(T[] data, long[]? shape = null, ScalarType? dtype = null, Device? device = null)
        where T : unmanaged => tensor((ReadOnlySpan<T>)data, shape, dtype, device);

    /// <summary>A matrix with a copy of a rectangular array's elements.</summary>
    public static Tensor tensor<T>(T[,] data, ScalarType? dtype = null, Device? device = null) where T : unmanaged
    {
        var elements = MemoryMarshal.CreateReadOnlySpan(
            ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(data)),
                data.Length);
        return tensor(elements, [data.GetLength(0), data.GetLength(1)], dtype, device);
    }

    /// <summary>A tensor over memory owned by somebody else, without a copy.</summary>
    /// <param name="data">The address of the first element.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="strides">Distances in elements; row-major where it is null.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="release">Called exactly once, when the last tensor over the memory is gone,
    /// or if it cannot be made.</param>
    /// <exception cref="ArgumentException">A size is negative, or strides and shape differ in length.</exception>
    public static Tensor from_blob(nint data, long[] shape, long[]? strides, ScalarType dtype, Action release)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (Array.Exists(shape, size => size < 0))
            throw new ArgumentException($"negative size in [{string.Join(", ", shape)}]");
        strides ??= RowMajor(shape);
        if (strides.Length != shape.Length)
            throw new ArgumentException($"{strides.Length} strides for {shape.Length} dimensions");
        return new Tensor(Engine.FromBlob(data, shape, strides, dtype.Known(), release));
    }

    private static long[] RowMajor(long[] shape)
    {
        var strides = new long[shape.Length];
        long step = 1;
        for (var k = shape.Length - 1; k >= 0; k--)
        {
            strides[k] = step;
            step *= Math.Max(shape[k], 1);
        }
        return strides;
    }
}
