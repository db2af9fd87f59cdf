using Interp.Circuits.Statistics;

namespace Interp.Circuits.Tests.Statistics;

public sealed class EstimateTests
{
    [Fact]
    public void The_interval_is_that_of_students_distribution()
    {
        // s = 0.1, n = 3: 4.303 · 0.1 / √3.
        var estimate = Estimate.Of([1.9, 2.0, 2.1]);
        Assert.Equal(2, estimate.Mean, 12);
        Assert.Equal(0.248434, estimate.HalfWidth, 5);
        Assert.Equal("2.00 ± 0.25", estimate.ToString());
        Assert.Equal((estimate.Mean - estimate.HalfWidth, estimate.Mean + estimate.HalfWidth), (estimate.Low, estimate.High));
    }

    [Theory, InlineData(2, 12.706), InlineData(31, 2.042), InlineData(61, 2.000), InlineData(100_001, 1.960)]
    public void Quantiles_follow_the_degrees_of_freedom(int count, double quantile)
    {
        var values = Enumerable.Range(0, count).Select(i => i % 2 == 0 ? 1.0 : -1.0).ToArray();
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (count - 1));
        Assert.Equal(quantile, Estimate.Of(values).HalfWidth / deviation * Math.Sqrt(count), 0.003);
    }

    [Fact]
    public void One_value_has_no_interval() =>
        Assert.Contains("at least 2 values, got 1", Assert.Throws<ArgumentException>(() => Estimate.Of([1.0])).Message);
}
