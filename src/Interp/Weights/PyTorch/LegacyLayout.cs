using System.Globalization;
using System.Numerics;

namespace Interp.Weights;

/// <summary>Constants of the layout that <c>torch.save</c> wrote before PyTorch 1.6.</summary>
internal static class LegacyLayout
{
    /// <summary>The version number in the second pickle.</summary>
    public const long Protocol = 1001;

    /// <summary>The number in the first pickle.</summary>
    public static readonly BigInteger Number = BigInteger.Parse("1950A86A20F9469CFC6C", NumberStyles.HexNumber);

    /// <summary>The first pickle in protocol 2, which is what PyTorch writes unless asked otherwise.</summary>
    public static byte[] Magic => [0x80, 2, .. NumberInBinary, (byte)'.'];

    private static ReadOnlySpan<byte> NumberInBinary =>
        [0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19];

    /// <summary>Whether a file begins with the first pickle, in any protocol.</summary>
    public static bool Begins(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("L119547037146038801333356L\n."u8)) return true; // protocol 0 and 1
        // From protocol 2 on two bytes name it; protocol 4 and 5 may put 9 bytes of frame before the number.
        if (start is not [0x80, ..] || start.Length < 32) return false;
        return start[2..].StartsWith(NumberInBinary) || start[11..].StartsWith(NumberInBinary);
    }
}
