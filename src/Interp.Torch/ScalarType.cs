namespace Interp.Torch;

/// <summary>The element type of a tensor. Values are c10's own codes, names are TorchSharp's.</summary>
public enum ScalarType
{
    /// <summary>Unsigned 8-bit integer (torch.uint8).</summary>
    Byte = 0,

    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 1,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 2,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 3,

    /// <summary>Signed 64-bit integer: tokens and indices.</summary>
    Int64 = 4,

    /// <summary>IEEE half precision.</summary>
    Float16 = 5,

    /// <summary>Single precision: the default.</summary>
    Float32 = 6,

    /// <summary>Double precision.</summary>
    Float64 = 7,

    /// <summary>Complex number of two singles.</summary>
    ComplexFloat32 = 9,

    /// <summary>Complex number of two doubles.</summary>
    ComplexFloat64 = 10,

    /// <summary>Boolean, one byte each.</summary>
    Bool = 11,

    /// <summary>bfloat16: eight bits of exponent, seven of mantissa.</summary>
    BFloat16 = 15,
}

/// <summary>Facts about element types.</summary>
public static class ScalarTypes
{
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

    /// <summary>Whether the type is a real floating-point type, the kind that can carry gradients.</summary>
    public static bool IsFloatingPoint(this ScalarType dtype) => dtype
        is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    /// <summary>Whether the type is complex.</summary>
    public static bool IsComplex(this ScalarType dtype) =>
        dtype is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    /// <summary>The name PyTorch prints, for example <c>float32</c>.</summary>
    public static string TorchName(this ScalarType dtype) => dtype switch
    {
        ScalarType.Byte => "uint8",
        ScalarType.ComplexFloat32 => "complex64",
        ScalarType.ComplexFloat64 => "complex128",
        _ => dtype.ToString().ToLowerInvariant(),
    };

    /// <summary>
    /// The type itself, if it is one of those named here:
    /// libtorch ends the process over codes it does not know.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The code is none of an element type.</exception>
    internal static ScalarType Known(this ScalarType dtype)
    {
        const int known = 0b1000_1110_1111_1111; // bit k: code k
        if ((uint)dtype < 16 && ((known >> (int)dtype) & 1) != 0) return dtype;
        throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "unknown element type");
    }

    /// <summary>The element type that holds a managed type without loss.</summary>
    /// <exception cref="ArgumentException">The managed type has no counterpart.</exception>
    public static ScalarType Of<T>() where T : unmanaged =>
        default(T) switch
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
            ComplexFloat => ScalarType.ComplexFloat32,
            _ => throw new ArgumentException($"no element type holds {typeof(T).Name}"),
        };
}
