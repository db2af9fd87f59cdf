namespace Interp.Weights;

/// <summary>
/// The element type of a tensor as a weight file stores it: every type of the safetensors format, in that format's
/// order, and complex128, which only PyTorch files hold. <see cref="WeightDTypes"/> has their sizes and says what each
/// becomes when it is loaded.
/// </summary>
public enum WeightDType
{
    /// <summary>Boolean, one byte, 0 or 1.</summary>
    Bool,

    /// <summary>4-bit float (E2M1), two to a byte. Recognised, not loaded.</summary>
    F4,

    /// <summary>6-bit float (E2M3), packed. Recognised, not loaded.</summary>
    F6E2M3,

    /// <summary>6-bit float (E3M2), packed. Recognised, not loaded.</summary>
    F6E3M2,

    /// <summary>Unsigned byte.</summary>
    U8,

    /// <summary>Signed byte.</summary>
    I8,

    /// <summary>8-bit float with 5 exponent bits, infinities and NaNs: the upper byte of a float16.</summary>
    F8E5M2,

    /// <summary>8-bit float with 4 exponent bits (bias 7), no infinity, NaN at 0x7F and 0xFF.</summary>
    F8E4M3,

    /// <summary>8-bit power of two, 2^(byte − 127), NaN at 0xFF.</summary>
    F8E8M0,

    /// <summary>8-bit float with 4 exponent bits (bias 8), no infinity, no negative zero, NaN at 0x80.</summary>
    F8E4M3Fnuz,

    /// <summary>8-bit float with 5 exponent bits (bias 16), no infinity, no negative zero, NaN at 0x80.</summary>
    F8E5M2Fnuz,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>bfloat16: the upper half of a float32.</summary>
    BF16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>Complex number of two float32.</summary>
    C64,

    /// <summary>IEEE double precision.</summary>
    F64,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,

    /// <summary>Complex number of two float64; PyTorch files only.</summary>
    C128,
}
