using System.Numerics;
using Interp.Torch.Engine;

namespace Interp.Torch;

/// <summary>A number that keeps whether it was written as an integer, a float, a bool or a complex number.</summary>
/// <remarks>
/// Type promotion depends on it, as in PyTorch: <c>ints + 1</c> stays integer, <c>ints + 1.0</c> does not.
/// </remarks>
public readonly struct Scalar
{
    internal Scalar(Arg argument) => Argument = argument;

    internal Arg Argument { get; }

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(int value) => new(value);

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(long value) => new(value);

    /// <summary>A float; singles and doubles are the same here, the tensor's type decides.</summary>
    public static implicit operator Scalar(float value) => new((double)value);

    /// <summary>A float.</summary>
    public static implicit operator Scalar(double value) => new(value);

    /// <summary>A bool.</summary>
    public static implicit operator Scalar(bool value) => new(value);

    /// <summary>A complex number.</summary>
    public static implicit operator Scalar(Complex value) => new(value);
}
