using Interp.Studies.Superposition;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.Superposition;

public class ToyDataTests
{
    [Theory]
    [InlineData(FeatureCorrelation.Independent, 0.04, 0.04)]
    [InlineData(FeatureCorrelation.Correlated, 0.2, 0.04)]
    [InlineData(FeatureCorrelation.Anticorrelated, 0, 0.04)]
    public void Features_of_a_block_occur_together_or_never(FeatureCorrelation correlation, double within, double across)
    {
        using var scope = torch.NewDisposeScope();
        var on = Draw(correlation, 0.2, ToyArchitecture.ReluOutput).gt(0).to(ScalarType.Float64);
        var together = on.t().MatMul(on) / on.size(0);
        for (var i = 0; i < 6; i++)
            for (var j = 0; j < 6; j++)
            {
                var expected = i == j ? 0.2 : i / 3 == j / 3 ? within : across;
                Assert.Equal(expected, together[i, j].ToDouble(), 0.005);
            }
    }

    [Theory]
    [InlineData(FeatureCorrelation.Independent, 0.1)]
    [InlineData(FeatureCorrelation.Independent, 1)]
    [InlineData(FeatureCorrelation.Correlated, 0.1)]
    [InlineData(FeatureCorrelation.Anticorrelated, 0.1)]
    public void Features_that_are_on_are_uniform(FeatureCorrelation correlation, double density)
    {
        using var scope = torch.NewDisposeScope();
        var x = Draw(correlation, density, ToyArchitecture.ReluOutput);
        var values = x[.., 4].masked_select(x[.., 4].ne(0)).to(ScalarType.Float64);
        Assert.Equal(density, (double)values.numel() / x.size(0), 0.01);
        Assert.Equal(0.5, values.mean().ToDouble(), 0.01);
        Assert.Equal(1.0 / 12, values.var().ToDouble(), 0.002);
        Assert.InRange(values.max().ToDouble(), 0.999, 1);
    }

    [Fact]
    public void Features_of_the_absolute_value_model_have_both_signs()
    {
        using var scope = torch.NewDisposeScope();
        var x = Draw(FeatureCorrelation.Independent, 0.3, ToyArchitecture.AbsoluteValue);
        var values = x.masked_select(x.ne(0)).to(ScalarType.Float64);
        Assert.Equal(0.3, (double)values.numel() / x.numel(), 0.01);
        Assert.Equal(0, values.mean().ToDouble(), 0.01);
        Assert.Equal(1.0 / 3, values.var().ToDouble(), 0.005);
    }

    [Fact]
    public void Where_exclusive_features_do_not_fit_each_has_an_equal_part()
    {
        using var scope = torch.NewDisposeScope();
        var on = Draw(FeatureCorrelation.Anticorrelated, 0.9, ToyArchitecture.ReluOutput).gt(0).to(ScalarType.Float64);
        Assert.Equal(1, on[.., ..3].sum(-1).max().ToDouble());
        foreach (var share in on.mean(0).ToArray<double>()) Assert.Equal(1.0 / 3, share, 0.01);
    }

    /// <summary>Six features in blocks of three [example, feature].</summary>
    private static Tensor Draw(FeatureCorrelation correlation, double density, ToyArchitecture architecture)
    {
        using var model = new ToyModel(new ToyModelOptions
        {
            Features = 6,
            Hidden = 2,
            Instances = [ToyInstance.Geometric(density, 6)],
            Correlation = correlation,
            BlockSize = 3,
            Architecture = architecture,
        });
        using var generator = new Generator(3);
        return model.Data.Draw(60_000, generator)[0];
    }
}
