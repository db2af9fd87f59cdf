using System.Runtime.CompilerServices;

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
        if (!swap) return Converts(dtype) ? Widen(data, dtype, file, name) : data.Copy();
        var swapped = data.Copy();
        Swap(swapped.Region, Unit(dtype));
        if (!Converts(dtype)) return swapped;
        using (swapped) return Widen(swapped.Region, dtype, file, name);
    }

    private static NativeBlock Widen(DataRegion data, WeightDType dtype, string file, string name)
    {
        var count = data.Length / dtype.Size();
        var block = NativeBlock.Allocate(count * TargetSize(dtype));
        var target = (void*)block.Region.Pointer;
        var source = (byte*)data.Pointer; // of any alignment
        switch (dtype)
        {
            case WeightDType.U16:
                for (long i = 0; i < count; i++) ((int*)target)[i] = Unsafe.ReadUnaligned<ushort>(source + 2 * i);
                break;
            case WeightDType.U32:
                for (long i = 0; i < count; i++) ((long*)target)[i] = Unsafe.ReadUnaligned<uint>(source + 4 * i);
                break;
            case WeightDType.U64:
                CheckUnsigned(source, count, file, name);
                Buffer.MemoryCopy(source, target, block.Length, data.Length);
                break;
            default:
                var values = Float8.Values(dtype);
                for (long i = 0; i < count; i++) ((float*)target)[i] = values[source[i]];
                break;
        }

        GC.KeepAlive(data.Owner);
        return block;
    }

    private static void CheckUnsigned(byte* source, long count, string file, string name)
    {
        for (long i = 0; i < count; i++)
        {
            var value = Unsafe.ReadUnaligned<ulong>(source + 8 * i);
            if (value <= long.MaxValue) continue;
            throw new WeightsFormatException(
                file, $"tensor '{name}'", $"element {i} of its U64 data is {value}, which int64 cannot hold",
                $"at most {long.MaxValue}");
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
