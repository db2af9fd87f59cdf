namespace Interp.Reports;

/// <summary>
/// Makes a square map smaller, keeping the largest number of each patch so that thin diagonals survive.
/// </summary>
internal static class Pooled
{
    public static Grid Shrink(ReadOnlySpan<float> values, int size, int most)
    {
        if (size <= most) return new Grid(values.ToArray(), size, size);
        var pooled = new float[most * most];
        pooled.AsSpan().Fill(float.NaN);
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                ref var target = ref pooled[row * most / size * most + column * most / size];
                var value = values[row * size + column];
                if (float.IsNaN(target) || value > target) target = value;
            }
        }
        return new Grid(pooled, most, most);
    }
}
