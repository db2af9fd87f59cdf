using Interp.Models.Components;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Models.Components;

/// <summary>Falcon's biases from their closed form, with bfloat16 rounded bit by bit here.</summary>
public class AlibiTests
{
    [Theory]
    [InlineData(3, 5, 5)]
    [InlineData(16, 700, 2)]
    [InlineData(24, 600, 600)]
    public void Biases_of_Falcon_are_slope_times_position_each_rounded_to_bfloat16(int heads, int keys, int queries)
    {
        using var scope = torch.NewDisposeScope();
        // The second sequence begins with three tokens of padding.
        var positions = torch.stack([torch.arange(keys, ScalarType.Int64), (torch.arange(keys, ScalarType.Int64) - 3).clamp_min(0)]);
        var found = Alibi.RoundedBias(heads, queries, positions);
        Assert.Equal([2L, heads, queries, keys], found.shape);
        var slopes = Slopes(heads);
        var random = new Random(1);
        for (var n = 0; n < 300; n++)
        {
            var (row, head, query, key) = (random.Next(2), random.Next(heads), random.Next(queries), random.Next(keys));
            float A(int place) => Rounded(Rounded(slopes[head]) * Rounded(row == 0 ? place : Math.Max(place - 3, 0)));
            Assert.Equal(A(key) - A(keys - queries + query), found[row, head, query, key].ToSingle());
        }
    }

    [Fact]
    public void Rounding_makes_far_neighbours_fall_together()
    {
        using var scope = torch.NewDisposeScope();
        var last = Alibi.RoundedBias(8, 1, torch.arange(600, ScalarType.Int64).unsqueeze(0))[0, 0, 0].ToArray<float>();
        Assert.Equal(last[512], last[513]);
        Assert.True(last[10] < last[11] && last[512] < last[520]);
    }

    /// <summary>Those of the largest power of two that fits, then every other one of twice that power.</summary>
    private static float[] Slopes(int heads)
    {
        var power = 1;
        while (2 * power <= heads) power *= 2;
        return [.. Enumerable.Range(0, heads).Select(head =>
            (float)Math.Pow(2, head < power ? -8.0 * (head + 1) / power : -8.0 * (2 * (head - power) + 1) / (2 * power)))];
    }

    /// <summary>To the nearest number with eight significant bits, ties to the even one.</summary>
    private static float Rounded(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }
}
