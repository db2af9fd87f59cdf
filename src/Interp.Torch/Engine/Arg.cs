using System.Numerics;

namespace Interp.Torch.Engine;

/// <summary>One argument of an operator call: a tagged value that converts from what C# code has at hand.</summary>
public readonly struct Arg
{
    private Arg(ArgKind kind, long bits, object? reference = null)
    {
        Kind = kind;
        Bits = bits;
        Reference = reference;
    }

    /// <summary>What the argument is.</summary>
    public ArgKind Kind { get; }

    /// <summary>The number, the bits of the double, or a device's type.</summary>
    public long Bits { get; }

    /// <summary>The tensor, list, string or generator.</summary>
    public object? Reference { get; }

    /// <summary>The number as a double.</summary>
    public double AsDouble => Kind == ArgKind.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    /// <summary>An absent optional argument.</summary>
    public static Arg None => new(ArgKind.None, 0);

    /// <summary>The default value of the operator's schema.</summary>
    public static Arg Default => default;

    /// <summary>A tensor, or none.</summary>
    public static implicit operator Arg(Tensor? tensor) => tensor is null ? None : new(ArgKind.Tensor, 0, tensor);

    /// <summary>An integer.</summary>
    public static implicit operator Arg(int value) => new(ArgKind.Int, value);

    /// <summary>An integer.</summary>
    public static implicit operator Arg(long value) => new(ArgKind.Int, value);

    /// <summary>An integer, or none.</summary>
    public static implicit operator Arg(long? value) => value is null ? None : new(ArgKind.Int, value.Value);

    /// <summary>A float.</summary>
    public static implicit operator Arg(double value) => new(ArgKind.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A float, or none.</summary>
    public static implicit operator Arg(double? value) => value is null ? None : (Arg)value.Value;

    /// <summary>A bool.</summary>
    public static implicit operator Arg(bool value) => new(ArgKind.Bool, value ? 1 : 0);

    /// <summary>A string, or none.</summary>
    public static implicit operator Arg(string? value) => value is null ? None : new(ArgKind.String, 0, value);

    /// <summary>A list of integers, or none.</summary>
    public static implicit operator Arg(long[]? values) =>
        values is null ? None : new(ArgKind.IntList, 0, values);

    /// <summary>A list of floats, or none.</summary>
    public static implicit operator Arg(double[]? values) =>
        values is null ? None : new(ArgKind.DoubleList, 0, values);

    /// <summary>A list of tensors; absent ones are null.</summary>
    public static implicit operator Arg(Tensor?[] tensors) => new(ArgKind.TensorList, 0, tensors);

    /// <summary>An element type.</summary>
    public static implicit operator Arg(ScalarType dtype) => new(ArgKind.Int, (long)dtype.Known());

    /// <summary>An element type, or none.</summary>
    public static implicit operator Arg(ScalarType? dtype) => dtype is null ? None : (Arg)dtype.Value;

    /// <summary>A device.</summary>
    public static implicit operator Arg(Device device) =>
        new(ArgKind.Device, ((long)device.Index << 32) | (uint)device.Type);

    /// <summary>A device, or none.</summary>
    public static implicit operator Arg(Device? device) => device is null ? None : (Arg)device.Value;

    /// <summary>A generator, or none (the default generator of the device).</summary>
    public static implicit operator Arg(Generator? generator) =>
        generator is null ? None : new(ArgKind.Generator, 0, generator);

    /// <summary>A number.</summary>
    public static implicit operator Arg(Scalar scalar) => scalar.Argument;

    /// <summary>A number, or none.</summary>
    public static implicit operator Arg(Scalar? scalar) => scalar is null ? None : scalar.Value.Argument;

    /// <summary>A complex number.</summary>
    public static implicit operator Arg(Complex value) =>
        new(ArgKind.Complex, 0, new[] { value.Real, value.Imaginary });
}
