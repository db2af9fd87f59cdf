using System.Numerics;

namespace Interp.Torch;

/// <summary>Converts the value of one element to the managed type that was asked for.</summary>
internal static class ItemConversion
{
    internal static T From<T>(long value) where T : unmanaged => (T)(default(T) switch
    {
        double => (object)(double)value,
        float => (float)value,
        Half => (Half)value,
        BFloat16 => (BFloat16)(float)value,
        _ => checked(Integer<T>(value)),
    });

    internal static T From<T>(double value) where T : unmanaged => (T)(default(T) switch
    {
        float => (object)(float)value,
        Half => (Half)value,
        BFloat16 => (BFloat16)(float)value,
        bool => value != 0,
        Complex => (Complex)value,
        ComplexFloat => new ComplexFloat((float)value, 0),
        _ => Integer<T>(Truncated(value)),
    });

    internal static T From<T>(Complex value) where T : unmanaged => default(T) is ComplexFloat
        ? (T)(object)new ComplexFloat((float)value.Real, (float)value.Imaginary)
        : throw new InvalidCastException(
            $"a complex element is no {typeof(T).Name}; take real(), imag() or abs() first");

    private static object Integer<T>(long value) => checked(default(T) switch
    {
        long => (object)value,
        int => (int)value,
        short => (short)value,
        sbyte => (sbyte)value,
        byte => (byte)value,
        bool => value != 0,
        Complex => (Complex)value,
        ComplexFloat => new ComplexFloat(value, 0),
        _ => throw new InvalidCastException($"an element of a tensor cannot be given as {typeof(T).Name}"),
    });

    private static long Truncated(double value) =>
        value is >= long.MinValue and < 9223372036854775808.0
            ? (long)value
            : throw new OverflowException($"{value} is no integer of 64 bits");
}
