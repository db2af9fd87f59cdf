using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Weights;

/// <summary>Sizes, names and tensor types of <see cref="WeightDType"/>.</summary>
public static class WeightDTypes
{
    /// <summary>Bits per element.</summary>
    public static int Bits(this WeightDType dtype) => dtype switch
    {
        WeightDType.F4 => 4,
        WeightDType.F6E2M3 or WeightDType.F6E3M2 => 6,
        WeightDType.Bool or WeightDType.U8 or WeightDType.I8 or WeightDType.F8E5M2 or WeightDType.F8E4M3
            or WeightDType.F8E8M0 or WeightDType.F8E4M3Fnuz or WeightDType.F8E5M2Fnuz => 8,
        WeightDType.I16 or WeightDType.U16 or WeightDType.F16 or WeightDType.BF16 => 16,
        WeightDType.I32 or WeightDType.U32 or WeightDType.F32 => 32,
        WeightDType.C64 or WeightDType.F64 or WeightDType.I64 or WeightDType.U64 => 64,
        WeightDType.C128 => 128,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "not a weight type"),
    };

    /// <summary>Bytes per element; 0 for the types smaller than a byte.</summary>
    public static int Size(this WeightDType dtype) => dtype.Bits() / 8;

    /// <summary>
    /// The tensor type that a stored type loads as: the same type where libtorch has it; otherwise the smallest one
    /// that holds every value: U16 as int32, U32 as int64, U64 as int64 (a value that does not fit is an error when
    /// the tensor is loaded), 8-bit floats as float32. Null for the packed 4- and 6-bit floats, which are not loaded.
    /// </summary>
    public static ScalarType? LoadsAs(this WeightDType dtype) => dtype switch
    {
        WeightDType.Bool => ScalarType.Bool,
        WeightDType.U8 => ScalarType.Byte,
        WeightDType.I8 => ScalarType.Int8,
        WeightDType.I16 => ScalarType.Int16,
        WeightDType.I32 or WeightDType.U16 => ScalarType.Int32,
        WeightDType.I64 or WeightDType.U32 or WeightDType.U64 => ScalarType.Int64,
        WeightDType.F16 => ScalarType.Float16,
        WeightDType.BF16 => ScalarType.BFloat16,
        WeightDType.F64 => ScalarType.Float64,
        WeightDType.C64 => ScalarType.ComplexFloat32,
        WeightDType.C128 => ScalarType.ComplexFloat64,
        WeightDType.F4 or WeightDType.F6E2M3 or WeightDType.F6E3M2 => null,
        _ => ScalarType.Float32,
    };

    /// <summary>The stored type that holds a tensor type bit for bit.</summary>
    /// <exception cref="NotSupportedException">A tensor type that no weight file stores.</exception>
    public static WeightDType Of(ScalarType type) => type switch
    {
        ScalarType.Bool => WeightDType.Bool,
        ScalarType.Byte => WeightDType.U8,
        ScalarType.Int8 => WeightDType.I8,
        ScalarType.Int16 => WeightDType.I16,
        ScalarType.Int32 => WeightDType.I32,
        ScalarType.Int64 => WeightDType.I64,
        ScalarType.Float16 => WeightDType.F16,
        ScalarType.BFloat16 => WeightDType.BF16,
        ScalarType.Float32 => WeightDType.F32,
        ScalarType.Float64 => WeightDType.F64,
        ScalarType.ComplexFloat32 => WeightDType.C64,
        ScalarType.ComplexFloat64 => WeightDType.C128,
        _ => throw new NotSupportedException($"no weight file stores tensors of type {type}"),
    };

    /// <summary>The name of the type in a safetensors header, such as <c>BF16</c> or <c>F8_E4M3</c>.</summary>
    public static string SafeTensorsName(this WeightDType dtype) => dtype switch
    {
        WeightDType.Bool => "BOOL",
        WeightDType.F6E2M3 => "F6_E2M3",
        WeightDType.F6E3M2 => "F6_E3M2",
        WeightDType.F8E5M2 => "F8_E5M2",
        WeightDType.F8E4M3 => "F8_E4M3",
        WeightDType.F8E8M0 => "F8_E8M0",
        WeightDType.F8E4M3Fnuz => "F8_E4M3FNUZ",
        WeightDType.F8E5M2Fnuz => "F8_E5M2FNUZ",
        _ => dtype.ToString(),
    };

    /// <summary>The type that a safetensors header calls by this name, or null where there is none.</summary>
    internal static WeightDType? FromSafeTensors(string name) =>
        ByName.TryGetValue(name, out var dtype) ? dtype : null;

    /// <summary>The type behind a PyTorch storage class such as <c>FloatStorage</c>, or null.</summary>
    internal static WeightDType? FromStorage(string name) => name switch
    {
        "FloatStorage" => WeightDType.F32,
        "DoubleStorage" => WeightDType.F64,
        "HalfStorage" => WeightDType.F16,
        "BFloat16Storage" => WeightDType.BF16,
        "LongStorage" => WeightDType.I64,
        "IntStorage" => WeightDType.I32,
        "ShortStorage" => WeightDType.I16,
        "CharStorage" => WeightDType.I8,
        "ByteStorage" or "UntypedStorage" => WeightDType.U8,
        "BoolStorage" => WeightDType.Bool,
        "ComplexFloatStorage" => WeightDType.C64,
        "ComplexDoubleStorage" => WeightDType.C128,
        _ => null,
    };

    /// <summary>The integers behind a quantized storage class such as <c>QInt8Storage</c>, or null.</summary>
    internal static WeightDType? FromQuantizedStorage(string name) => name switch
    {
        "QInt8Storage" => WeightDType.I8,
        "QUInt8Storage" or "QUInt4x2Storage" or "QUInt2x4Storage" => WeightDType.U8,
        "QInt32Storage" => WeightDType.I32,
        _ => null,
    };

    /// <summary>The type that PyTorch calls <c>torch.</c><paramref name="name"/>, or null.</summary>
    internal static WeightDType? FromTorch(string name) => name switch
    {
        "float32" or "float" => WeightDType.F32,
        "float64" or "double" => WeightDType.F64,
        "float16" or "half" => WeightDType.F16,
        "bfloat16" => WeightDType.BF16,
        "int64" or "long" => WeightDType.I64,
        "int32" or "int" => WeightDType.I32,
        "int16" or "short" => WeightDType.I16,
        "int8" => WeightDType.I8,
        "uint8" => WeightDType.U8,
        "uint16" => WeightDType.U16,
        "uint32" => WeightDType.U32,
        "uint64" => WeightDType.U64,
        "bool" => WeightDType.Bool,
        "complex64" or "cfloat" => WeightDType.C64,
        "complex128" or "cdouble" => WeightDType.C128,
        "float8_e5m2" => WeightDType.F8E5M2,
        "float8_e4m3fn" => WeightDType.F8E4M3,
        "float8_e8m0fnu" => WeightDType.F8E8M0,
        "float8_e4m3fnuz" => WeightDType.F8E4M3Fnuz,
        "float8_e5m2fnuz" => WeightDType.F8E5M2Fnuz,
        _ => null,
    };

    private static readonly Dictionary<string, WeightDType> ByName =
        Enum.GetValues<WeightDType>().Where(dtype => dtype != WeightDType.C128).ToDictionary(SafeTensorsName);
}
