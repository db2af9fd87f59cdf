using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>Facts about element types.</summary>
public static class ElementTypes
{
    /// <summary>Whether the type is a real floating-point type, the kind that can carry gradients.</summary>
    public static bool IsFloatingPoint(this ScalarType dtype) => dtype
        is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    /// <summary>Whether the type is complex.</summary>
    public static bool IsComplex(this ScalarType dtype) =>
        dtype is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    /// <summary>Bytes of one element.</summary>
    public static int Size(this ScalarType dtype) => dtype switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.ComplexFloat64 => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "unknown element type"),
    };

    /// <summary>The name PyTorch prints, for example <c>float32</c>.</summary>
    public static string TorchName(this ScalarType dtype) => dtype switch
    {
        ScalarType.Byte => "uint8",
        ScalarType.ComplexFloat32 => "complex64",
        ScalarType.ComplexFloat64 => "complex128",
        _ => dtype.ToString().ToLowerInvariant(),
    };

    /// <summary>The element type that holds a managed type without loss.</summary>
    /// <exception cref="ArgumentException">The managed type has no counterpart.</exception>
    public static ScalarType Of<T>() where T : unmanaged => default(T) switch
    {
        float => ScalarType.Float32,
        double => ScalarType.Float64,
        long => ScalarType.Int64,
        int => ScalarType.Int32,
        short => ScalarType.Int16,
        sbyte => ScalarType.Int8,
        byte => ScalarType.Byte,
        bool => ScalarType.Bool,
        Half => ScalarType.Float16,
        BFloat16 => ScalarType.BFloat16,
        System.Numerics.Complex => ScalarType.ComplexFloat64,
        ValueTuple<float, float> => ScalarType.ComplexFloat32,
        _ => throw new ArgumentException($"no element type holds {typeof(T).Name}"),
    };
}
