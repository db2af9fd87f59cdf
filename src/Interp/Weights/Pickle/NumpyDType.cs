namespace Interp.Weights;

/// <summary>A NumPy element type, as far as scalars need one: <c>f8</c>, <c>i4</c>, <c>b1</c> and their like.</summary>
internal sealed class NumpyDType(string code)
{
    public string Code { get; } = code;

    /// <summary>Set by the state that NumPy pickles behind the type.</summary>
    public bool BigEndian { get; set; }

    /// <summary>The scalar in these bytes as bool, long, double; null for types that have no such value.</summary>
    public object? Scalar(ReadOnlySpan<byte> bytes)
    {
        if (Code.Length != 2 || bytes.Length != Code[1] - '0' || bytes.Length > 8) return null;
        Span<byte> little = stackalloc byte[8];
        little.Clear();
        bytes.CopyTo(little);
        if (BigEndian) little[..bytes.Length].Reverse();
        return Code switch
        {
            "b1" => little[0] != 0,
            "f2" => (double)BitConverter.ToHalf(little),
            "f4" => (double)BitConverter.ToSingle(little),
            "f8" => BitConverter.ToDouble(little),
            "i1" => (long)(sbyte)little[0],
            "i2" => (long)BitConverter.ToInt16(little),
            "i4" => (long)BitConverter.ToInt32(little),
            "i8" => BitConverter.ToInt64(little),
            "u1" or "u2" or "u4" => (long)BitConverter.ToUInt64(little),
            "u8" when BitConverter.ToUInt64(little) <= long.MaxValue => (long)BitConverter.ToUInt64(little),
            "u8" => (System.Numerics.BigInteger)BitConverter.ToUInt64(little),
            _ => null,
        };
    }
}
