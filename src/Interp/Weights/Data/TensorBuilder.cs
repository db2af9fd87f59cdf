using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Weights;

/// <summary>
/// Makes tensors over the bytes of a file: over the mapping itself where the type is one of libtorch's and the data
/// lies aligned, over a converted or moved copy otherwise.
/// </summary>
internal static class TensorBuilder
{
    /// <param name="data">The bytes from the tensor's first element to its last.</param>
    /// <param name="dtype">The type of the stored elements.</param>
    /// <param name="shape">The size of each dimension.</param>
    /// <param name="strides">The strides in elements; null for row-major.</param>
    /// <param name="swap">Whether the elements are big-endian.</param>
    /// <param name="file">The file, for errors.</param>
    /// <param name="name">The tensor, for errors.</param>
    public static Tensor Build(
        DataRegion data, WeightDType dtype, long[] shape, long[]? strides, bool swap, string file, string name)
    {
        var type = dtype.LoadsAs() ?? throw new WeightsFormatException(
            file, $"tensor '{name}'", $"its type {dtype.SafeTensorsName()} is known but not supported",
            "elements of whole bytes");
        if (dtype == WeightDType.Bool) CheckBooleans(data, file, name);

        if (!NeedsCopy(data, dtype, swap)) return Over(data, shape, strides, type);
        using var copy = ElementConverter.Convert(data, dtype, swap, file, name);
        return Over(copy.Region, shape, strides, type);
    }

    private static bool NeedsCopy(DataRegion data, WeightDType dtype, bool swap) =>
        ElementConverter.Converts(dtype) || (swap && dtype.Size() > 1) || !data.IsAligned(Alignment(dtype));

    // A complex number is aligned like its parts.
    private static int Alignment(WeightDType dtype) => dtype switch
    {
        WeightDType.C64 => 4,
        WeightDType.C128 => 8,
        _ => dtype.Size(),
    };

    private static Tensor Over(DataRegion data, long[] shape, long[]? strides, ScalarType type)
    {
        var owner = data.Owner;
        var held = false;
        owner.DangerousAddRef(ref held);
        try
        {
            var tensor = TensorMemory.From(data.Pointer, shape, strides, type, owner.DangerousRelease);
            held = false;
            return tensor;
        }
        finally
        {
            if (held) owner.DangerousRelease();
        }
    }

    // libtorch's kernels take a bool to be 0 or 1 and may do anything with another byte.
    private static void CheckBooleans(DataRegion data, string file, string name)
    {
        const int chunk = 1 << 30;
        for (long start = 0; start < data.Length; start += chunk)
        {
            var bytes = data.Slice(start, Math.Min(chunk, data.Length - start)).Span;
            var wrong = bytes.IndexOfAnyExceptInRange((byte)0, (byte)1);
            if (wrong < 0) continue;
            throw new WeightsFormatException(
                file, $"tensor '{name}'", $"byte {start + wrong} of its BOOL data is {bytes[wrong]}", "0 or 1");
        }
    }
}
