namespace Interp.Weights;

/// <summary>Constants of the layout that <c>torch.save</c> wrote before PyTorch 1.6.</summary>
internal static class LegacyLayout
{
    /// <summary>The version number in the second pickle.</summary>
    public const long Protocol = 1001;

    /// <summary>A pickle of the integer 0x1950A86A20F9469CFC6C in protocol 2.</summary>
    public static ReadOnlySpan<byte> Magic =>
        [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];
}
