namespace Interp.Weights;

/// <summary>The values of the 8-bit floats, one table of 256 each; every one is exact in float32.</summary>
internal static class Float8
{
    private static readonly float[] E4M3 = Table(b => (b & 0x7F) == 0x7F ? float.NaN : Decode(b, 3, 7));
    private static readonly float[] E5M2 = Table(b => (float)BitConverter.UInt16BitsToHalf((ushort)(b << 8)));
    private static readonly float[] E8M0 = Table(b => b == 0xFF ? float.NaN : (float)Math.ScaleB(1.0, b - 127));
    private static readonly float[] E4M3Fnuz = Table(b => b == 0x80 ? float.NaN : Decode(b, 3, 8));
    private static readonly float[] E5M2Fnuz = Table(b => b == 0x80 ? float.NaN : Decode(b, 2, 16));

    public static float[] Values(WeightDType dtype) => dtype switch
    {
        WeightDType.F8E4M3 => E4M3,
        WeightDType.F8E5M2 => E5M2,
        WeightDType.F8E8M0 => E8M0,
        WeightDType.F8E4M3Fnuz => E4M3Fnuz,
        WeightDType.F8E5M2Fnuz => E5M2Fnuz,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "not an 8-bit float"),
    };

    private static float[] Table(Func<int, float> decode) => [.. Enumerable.Range(0, 256).Select(decode)];

    // (−1)^s · 2^(e − bias) · (1 + m / 2^mantissaBits), and 2^(1 − bias) · m / 2^mantissaBits where e is 0.
    private static float Decode(int bits, int mantissaBits, int bias)
    {
        var exponent = (bits & 0x7F) >> mantissaBits;
        var mantissa = bits & ((1 << mantissaBits) - 1);
        var significand = exponent == 0 ? mantissa : mantissa + (1 << mantissaBits);
        var value = (float)Math.ScaleB(significand, Math.Max(exponent, 1) - bias - mantissaBits);
        return bits >= 0x80 ? -value : value;
    }
}
