using Interp.Studies.Superposition;

namespace Interp.Studies.Tests.Superposition;

public class FractionLineTests
{
    [Fact]
    public void A_line_is_a_place_with_many_more_features_than_beside_it()
    {
        double[] features = [.. Enumerable.Repeat(0.503, 12), .. Enumerable.Repeat(0.4875, 6), 0.513, 0.52, 0.507];
        Assert.Equal(new FractionLine(0.5, 12, 6, 1), FractionLine.Count(features, 0.5));
        Assert.True(FractionLine.Count(features, 0.5).Stands);
        Assert.False(FractionLine.Count([.. features, 0.4876], 0.5).Stands, "seven below for twelve on it");
        Assert.False(FractionLine.Count(Enumerable.Repeat(0.5, 9).ToArray(), 0.5).Stands, "nine are too few");
        Assert.False(FractionLine.Count(features, 2.0 / 3).Stands);
    }

    [Fact]
    public void Evenly_spread_features_have_no_line()
    {
        double[] even = [.. Enumerable.Range(0, 2000).Select(i => i / 2000.0)];
        foreach (var (_, fraction) in FractionLine.Published)
        {
            var line = FractionLine.Count(even, fraction);
            Assert.InRange(line.On, 19, 21);
            Assert.False(line.Stands);
        }
    }
}
