namespace Interp.Torch;

/// <summary>A bfloat16 number as it lies in memory: the upper half of a single.</summary>
/// <param name="Bits">The sixteen bits.</param>
public readonly record struct BFloat16(ushort Bits)
{
    /// <summary>The same value as a single; exact.</summary>
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <summary>Rounds a single to the nearest bfloat16, ties to even, as libtorch does.</summary>
    public static explicit operator BFloat16(float value)
    {
        if (float.IsNaN(value)) return new BFloat16(0x7FC0);
        var bits = BitConverter.SingleToUInt32Bits(value);
        return new BFloat16((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <inheritdoc/>
    public override string ToString() => ((float)this).ToString();
}
