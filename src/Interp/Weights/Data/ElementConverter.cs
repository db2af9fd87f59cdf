namespace Interp.Weights;

/// <summary>Copies elements into memory that libtorch can use: moved, byte-swapped or widened without loss.</summary>
internal static unsafe class ElementConverter
{
    /// <summary>Whether a type has to be widened because libtorch lacks it.</summary>
    public static bool Converts(WeightDType dtype) => dtype is WeightDType.U16 or WeightDType.U32 or WeightDType.U64
        or WeightDType.F8E4M3 or WeightDType.F8E5M2 or WeightDType.F8E8M0
        or WeightDType.F8E4M3Fnuz or WeightDType.F8E5M2Fnuz;

    /// <summary>A converted copy of the elements; the caller owns it.</summary>
    public static NativeBlock Convert(DataRegion data, WeightDType dtype, bool swap, string file, string name)
    {
        var moved = data.Copy();
        if (swap) Swap(moved.Region, Unit(dtype));
        if (!Converts(dtype)) return moved;
        using (moved) return Widen(moved.Region, dtype, file, name);
    }

    private static NativeBlock Widen(DataRegion data, WeightDType dtype, string file, string name)
    {
        var count = data.Length / dtype.Size();
        var block = NativeBlock.Allocate(count * TargetSize(dtype));
        var target = (void*)block.Region.Pointer;
        var source = (void*)data.Pointer;
        switch (dtype)
        {
            case WeightDType.U16:
                for (long i = 0; i < count; i++) ((int*)target)[i] = ((ushort*)source)[i];
                break;
            case WeightDType.U32:
                for (long i = 0; i < count; i++) ((long*)target)[i] = ((uint*)source)[i];
                break;
            case WeightDType.U64:
                CopyUnsigned((ulong*)source, (long*)target, count, file, name);
                break;
            default:
                var values = Float8.Values(dtype);
                for (long i = 0; i < count; i++) ((float*)target)[i] = values[((byte*)source)[i]];
                break;
        }

        return block;
    }

    private static void CopyUnsigned(ulong* source, long* target, long count, string file, string name)
    {
        for (long i = 0; i < count; i++)
        {
            if (source[i] > long.MaxValue)
            {
                throw new WeightsFormatException(
                    file, $"tensor '{name}'", $"element {i} of its U64 data is {source[i]}, which int64 cannot hold",
                    $"at most {long.MaxValue}");
            }

            target[i] = (long)source[i];
        }
    }

    private static int TargetSize(WeightDType dtype) => dtype is WeightDType.U32 or WeightDType.U64 ? 8 : 4;

    // Complex numbers swap each part.
    private static int Unit(WeightDType dtype) => dtype switch
    {
        WeightDType.C64 => 4,
        WeightDType.C128 => 8,
        _ => dtype.Size(),
    };

    private static void Swap(DataRegion data, int unit)
    {
        var bytes = (byte*)data.Pointer;
        for (long start = 0; start + unit <= data.Length; start += unit) new Span<byte>(bytes + start, unit).Reverse();
    }
}
