using System.Runtime.InteropServices;

namespace Interp.Weights;

/// <summary>Bytes somewhere in memory and the counted handle that keeps them there.</summary>
internal readonly unsafe record struct DataRegion(SafeHandle Owner, nint Pointer, long Length)
{
    /// <summary>The bytes; a region of 2 GiB or more has no single span.</summary>
    public Span<byte> Span => new((void*)Pointer, checked((int)Length));

    public DataRegion Slice(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset), $"{offset} + {length} is past the end, {Length}");
        return new DataRegion(Owner, Pointer + (nint)offset, length);
    }

    public bool IsAligned(int bytes) => Pointer % bytes == 0;

    /// <summary>A copy in aligned memory of its own.</summary>
    public NativeBlock Copy()
    {
        var block = NativeBlock.Allocate(Length);
        Buffer.MemoryCopy((void*)Pointer, (void*)block.Region.Pointer, Length, Length);
        GC.KeepAlive(Owner);
        return block;
    }
}
