using System.Numerics;
using System.Runtime.InteropServices;
using Interp.Torch.Engine;

namespace Interp.Torch;

// From tensors to C# values and arrays, and between element types and devices.
public sealed partial class Tensor
{
    private static readonly Operator ToOp = Operator.Get("aten::to.dtype_layout");
    private static readonly Operator ItemOp = Operator.Get("aten::item");
    private static readonly Operator EqualOp = Operator.Get("aten::equal");
    private static readonly Operator AllCloseOp = Operator.Get("aten::allclose");
    private static readonly Operator ResolveConjOp = Operator.Get("aten::resolve_conj");
    private static readonly Operator ResolveNegOp = Operator.Get("aten::resolve_neg");

    /// <summary>The tensor with another element type: itself where nothing changes.</summary>
    public Tensor to(ScalarType dtype) => Convert(dtype, null);

    /// <summary>The tensor on another device: itself where nothing changes.</summary>
    public Tensor to(Device device) => Convert(null, device);

    /// <summary>The tensor with another element type on another device.</summary>
    public Tensor to(ScalarType dtype, Device device) => Convert(dtype, device);

    /// <summary>The tensor in the processor's memory.</summary>
    public Tensor cpu() => Convert(null, Device.CPU);

    /// <summary>The tensor on the current GPU.</summary>
    public Tensor cuda() => Convert(null, Device.CUDA);

    /// <summary>The value of a tensor of one element.</summary>
    /// <typeparam name="T">Any number type, or bool. Floats become integers by cutting off, as a cast does.</typeparam>
    /// <exception cref="TorchException">The tensor has not exactly one element.</exception>
    /// <exception cref="OverflowException">The value is outside the range of the integer type.</exception>
    /// <exception cref="InvalidCastException">The value is complex, the type is not.</exception>
    public T item<T>() where T : unmanaged
    {
        return ItemOp.CallValue(this) switch
        {
            T same => same,
            bool flag => ItemConversion.From<T>(flag ? 1L : 0L),
            long integer => ItemConversion.From<T>(integer),
            double number => ItemConversion.From<T>(number),
            Complex complex => ItemConversion.From<T>(complex),
            _ => throw new InvalidCastException($"an element of {dtype.TorchName()} is no {typeof(T).Name}"),
        };
    }

    /// <summary>All elements in row-major order, copied.</summary>
    /// <typeparam name="T">The managed type of the element type exactly: float for float32,
    /// long for int64 …</typeparam>
    /// <exception cref="ArgumentException">The element type is another one.</exception>
    public T[] ToArray<T>() where T : unmanaged
    {
        if (ScalarTypes.Of<T>() != dtype)
            throw new ArgumentException(
                $"a tensor of {dtype.TorchName()} holds no {typeof(T).Name}; " +
                $"convert it first with to(ScalarType.{ScalarTypes.Of<T>()})");
        var elements = new T[numel()];
        CopyTo(MemoryMarshal.AsBytes(elements.AsSpan()));
        return elements;
    }

    /// <summary>The bytes of all elements in row-major order, copied into a buffer of exactly that size.</summary>
    /// <exception cref="ArgumentException">The buffer has another size.</exception>
    public unsafe void CopyTo(Span<byte> buffer)
    {
        if (buffer.Length != nbytes)
            throw new ArgumentException($"the buffer has {buffer.Length} bytes, the tensor {nbytes}");
        if (buffer.Length == 0) return;
        // A null owner scope: the temporaries are freed here, whoever's scope is open.
        using var near = detach().DetachFromDisposeScope();
        using var local = near.cpu().DetachFromDisposeScope();
        // Conjugates and their imaginary parts are marks on the tensor until somebody needs the numbers.
        using var conjugated = ResolveConjOp.Call(local).DetachFromDisposeScope();
        using var negated = ResolveNegOp.Call(conjugated).DetachFromDisposeScope();
        using var dense = negated.contiguous().DetachFromDisposeScope();
        new ReadOnlySpan<byte>((void*)dense.data_ptr, buffer.Length).CopyTo(buffer);
    }

    /// <summary>Whether two tensors have the same shape and the same elements.</summary>
    public bool equal(Tensor other) => (bool)EqualOp.CallValue(this, other)!;

    /// <summary>Whether |a − b| ≤ atol + rtol · |b| holds for all elements.</summary>
    public bool allclose(Tensor other, double rtol = 1e-5, double atol = 1e-8, bool equalNan = false) =>
        (bool)AllCloseOp.CallValue(this, other, rtol, atol, equalNan)!;

    /// <summary>The value of a tensor of one element as a single.</summary>
    public static explicit operator float(Tensor tensor) => tensor.item<float>();

    /// <summary>The value of a tensor of one element as a double.</summary>
    public static explicit operator double(Tensor tensor) => tensor.item<double>();

    /// <summary>The value of a tensor of one element as an integer.</summary>
    public static explicit operator long(Tensor tensor) => tensor.item<long>();

    private Tensor Convert(ScalarType? dtype, Device? device) => ToOp.Call(this, dtype, Arg.None, device);
}
