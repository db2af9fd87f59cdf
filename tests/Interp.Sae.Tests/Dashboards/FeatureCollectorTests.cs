using Interp.Sae.Dashboards;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dashboards;

public class FeatureCollectorTests
{
    [Fact]
    public void A_histogram_that_grew_has_the_counts_of_one_that_had_its_width_from_the_start()
    {
        using var generator = new Generator(3);
        using var scope = torch.NewDisposeScope();
        float[] values = [1e-6f, .. (torch.randn([500], generator: generator) * 3).ToArray<float>(), 700.25f, -90f, 0];
        var histogram = new ActivationHistogram();
        foreach (var value in values) histogram.Add(value);
        Assert.Equal(16, histogram.Width);
        Assert.True(histogram.HasNegative);
        for (var bin = -ActivationHistogram.Side; bin < ActivationHistogram.Side; bin++)
            Assert.Equal(values.Count(v => v != 0 && Math.Floor(v / 16) == bin), histogram.Count(bin));
    }

    [Theory]
    [InlineData(1f, 1f / 32)]
    [InlineData(-1f, 1f / 32)]
    [InlineData(3f, 1f / 16)]
    [InlineData(1e-40f, 0)]
    public void The_largest_number_is_in_the_outer_half(float value, double width)
    {
        var histogram = new ActivationHistogram();
        histogram.Add(value);
        if (width > 0) Assert.Equal(width, histogram.Width);
        Assert.InRange(Math.Abs(value) / histogram.Width, 32, 64);
        Assert.Equal(1, histogram.Count(histogram.Bin(value)));
    }

    [Fact]
    public void Every_token_of_an_interval_is_as_likely_to_be_an_example_although_the_bins_grow()
    {
        // 0.01, 0.02, … 1.6: the bins double seven times on the way; 1.5 to 1.6 are tokens 150 to 160.
        using var scope = torch.NewDisposeScope();
        var activations = (torch.arange(1, 161, 1, ScalarType.Float32) * 0.01).view(4, 40, 1);
        var tokens = torch.arange(160).view(4, 40);
        var drawn = new int[160];
        const int Seeds = 3000;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var collector = new FeatureCollector(1, new DashboardOptions { Seed = (ulong)seed, IntervalExamples = 2 });
            collector.Add(tokens, activations);
            foreach (var interval in collector.Finish()[0].Intervals)
                foreach (var example in interval.Examples) drawn[example.Tokens[example.Peak]]++;
        }

        // Intervals of width 0.25: six of 25 tokens and the rest. Each token comes 2 in 25 times.
        for (var token = 30; token < 140; token++)
            Assert.InRange((double)drawn[token] / Seeds, 0.08 - 0.025, 0.08 + 0.025);
        Assert.Equal(Seeds * 2 * 7, drawn.Sum());
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_an_error_that_names_it()
    {
        using var scope = torch.NewDisposeScope();
        var collector = new FeatureCollector(3, new DashboardOptions { SkipPositions = 1 });
        var error = Assert.Throws<ArgumentException>(() => collector.Add(torch.zeros([2, 5], ScalarType.Int64),
            torch.zeros([2, 5, 3])));
        Assert.Contains("needed are [2, 4, 3]", error.Message);
    }
}
