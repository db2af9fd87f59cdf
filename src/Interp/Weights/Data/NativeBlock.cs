using System.Runtime.InteropServices;

namespace Interp.Weights;

/// <summary>Memory outside the garbage collector, aligned for every kernel, freed with its last reference.</summary>
internal sealed unsafe class NativeBlock : SafeHandle
{
    private const int Alignment = 64;

    [ThreadStatic]
    private static long _allocated;

    private NativeBlock(long length)
        : base(0, ownsHandle: true)
    {
        Length = length;
        _allocated += length;
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)Math.Max(length, 1), Alignment));
    }

    /// <summary>What this thread has allocated so far, freed or not, as the garbage collector counts its own.</summary>
    public static long AllocatedOnThisThread => _allocated;

    public long Length { get; }

    public override bool IsInvalid => handle == 0;

    public DataRegion Region => new(this, handle, Length);

    public static NativeBlock Allocate(long length) => new(length);

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
