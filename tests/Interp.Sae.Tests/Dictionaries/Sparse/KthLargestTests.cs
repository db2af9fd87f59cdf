using System.Numerics;
using Interp.Sae.Dictionaries.Sparse;

namespace Interp.Sae.Tests.Dictionaries.Sparse;

/// <summary>Bounds that separate the largest numbers beside a sort.</summary>
public unsafe class KthLargestTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(1003)]
    public void The_bound_is_reached_by_the_k_largest(int count)
    {
        var random = new Random(3);
        Check(count, () => (float)Math.Exp(20 * random.NextDouble() - 10));
        Check(count, () => Math.Exp(200 * random.NextDouble() - 100));
        Check(count, () => (float)random.Next(5)); // many are equal, some are 0
        Check(count, () => random.Next(3) == 0 ? double.PositiveInfinity : double.Epsilon);
    }

    [Fact]
    public void The_number_below_is_the_next_smaller_one()
    {
        Assert.Equal(MathF.BitDecrement(1.5f), KthLargest.Below(1.5f));
        Assert.Equal(Math.BitDecrement(1.5), KthLargest.Below(1.5));
        Assert.Equal(0f, KthLargest.Below(0f));
    }

    private static void Check<T>(int count, Func<T> draw) where T : unmanaged, INumber<T>
    {
        var numbers = Enumerable.Range(0, count).Select(_ => draw()).ToArray();
        var falling = numbers.OrderDescending().ToArray();
        fixed (T* first = numbers)
            foreach (var k in new[] { 1, 2, count / 3, count - 1, count }.Where(k => k >= 1 && k <= count))
            {
                var (bound, reached) = KthLargest.Of(first, count, k);
                Assert.Equal(numbers.Count(number => number >= bound), reached);
                Assert.True(bound <= falling[k - 1], $"{k} of {count}: {bound} is above {falling[k - 1]}");
                Assert.True(reached == k || bound == falling[k - 1], $"{k} of {count}: {reached} reach {bound}");
            }
    }
}
