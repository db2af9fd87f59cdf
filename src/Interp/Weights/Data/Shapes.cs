namespace Interp.Weights;

/// <summary>Arithmetic on shapes that notices overflow.</summary>
internal static class Shapes
{
    /// <summary>
    /// The product of non-negative sizes and a factor. Null where the sizes other than 0 multiply to more than
    /// 2^63 − 1: strides could not be counted, even where a 0 makes the tensor empty.
    /// </summary>
    public static long? Product(ReadOnlySpan<long> shape, long factor = 1)
    {
        var product = (Int128)factor;
        foreach (var size in shape)
        {
            product *= Math.Max(size, 1);
            if (product > long.MaxValue) return null;
        }

        return shape.Contains(0) ? 0 : (long)product;
    }
}
