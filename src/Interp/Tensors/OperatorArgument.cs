using System.Runtime.InteropServices;
using System.Text;
using Interp.Tensors.Native;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>One argument of an <see cref="Operator"/>: a value that converts from what C# code has at hand.</summary>
/// <remarks>
/// The kind must be the schema's: <c>1.0</c> for a float, <c>1L</c> for an int, <see cref="Some"/> around what the schema
/// marks with <c>?</c> and <see cref="None"/> where that is absent. Numbers of the kind <c>Scalar</c> cannot be passed.
/// </remarks>
public readonly struct OperatorArgument
{
    private readonly ArgumentKind kind;
    private readonly ulong bits;
    private readonly object? reference;
    private readonly bool optional;

    private OperatorArgument(ArgumentKind kind, ulong bits, object? reference = null, bool optional = false) =>
        (this.kind, this.bits, this.reference, this.optional) = (kind, bits, reference, optional);

    private enum ArgumentKind { None, Bits, Tensor, Integers, Tensors, OptionalTensors, Text }

    /// <summary>An optional argument that is absent.</summary>
    public static OperatorArgument None => default;

    /// <summary>A tensor.</summary>
    public static implicit operator OperatorArgument(Tensor tensor) => new(ArgumentKind.Tensor, 0, tensor);

    /// <summary>An integer.</summary>
    public static implicit operator OperatorArgument(long value) => new(ArgumentKind.Bits, (ulong)value);

    /// <summary>A float.</summary>
    public static implicit operator OperatorArgument(double value) => new(ArgumentKind.Bits, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A bool.</summary>
    public static implicit operator OperatorArgument(bool value) => new(ArgumentKind.Bits, value ? 1UL : 0);

    /// <summary>An element type.</summary>
    public static implicit operator OperatorArgument(ScalarType dtype) => new(ArgumentKind.Bits, (ulong)dtype);

    /// <summary>A list of integers.</summary>
    public static implicit operator OperatorArgument(long[] values) => new(ArgumentKind.Integers, 0, values);

    /// <summary>A list of tensors.</summary>
    public static implicit operator OperatorArgument(Tensor[] tensors) => new(ArgumentKind.Tensors, 0, tensors);

    /// <summary>A text.</summary>
    public static implicit operator OperatorArgument(string text) => new(ArgumentKind.Text, 0, text);

    /// <summary>An optional argument that is there.</summary>
    public static OperatorArgument Some(OperatorArgument value) => new(value.kind, value.bits, value.reference, optional: true);

    /// <summary>An optional tensor: absent where it is null.</summary>
    public static OperatorArgument Maybe(Tensor? tensor) => tensor is null ? None : Some(tensor);

    /// <summary>A list of optional tensors, as indexing takes them; null for a dimension that is not indexed.</summary>
    public static OperatorArgument Maybe(Tensor?[] tensors) => new(ArgumentKind.OptionalTensors, 0, tensors);

    /// <summary>The eight bytes that stand for the argument on libtorch's stack; what they point to is libtorch's.</summary>
    internal unsafe ulong ToStack()
    {
        if (kind == ArgumentKind.None) return 0;
        var value = kind switch
        {
            ArgumentKind.Bits => bits,
            ArgumentKind.Tensor => Handle((Tensor)reference!),
            ArgumentKind.Integers => List((long[])reference!, static integer => (ulong)integer),
            ArgumentKind.Tensors => List((Tensor[])reference!, Handle),
            ArgumentKind.OptionalTensors => List((Tensor?[])reference!, static t => t is null ? 0 : Boxed(Handle(t))),
            _ => Text((string)reference!),
        };
        return optional ? Boxed(value) : value;
    }

    /// <summary>libtorch frees the box with <c>delete</c>, which is <c>free</c> on the systems that it runs on.</summary>
    private static unsafe ulong Boxed(ulong value)
    {
        var box = (ulong*)NativeMemory.Alloc(sizeof(ulong));
        *box = value;
        return (ulong)box;
    }

    private static ulong Handle(Tensor tensor)
    {
        StableInterface.Check(StableInterface.NewHandle(tensor.Handle, out var copy), "copying a tensor's handle");
        GC.KeepAlive(tensor);
        return (ulong)copy;
    }

    private static ulong List<T>(T[] items, Func<T, ulong> element)
    {
        StableInterface.Check(StableInterface.NewList((nuint)items.Length, out var list), "making a list");
        foreach (var item in items) StableInterface.Check(StableInterface.Push(list, element(item)), "filling a list");
        return (ulong)list;
    }

    private static unsafe ulong Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            StableInterface.Check(StableInterface.NewString(start, (nuint)bytes.Length, out var handle), "passing a text");
            return (ulong)handle;
        }
    }
}
