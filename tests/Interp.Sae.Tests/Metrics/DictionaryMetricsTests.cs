using Interp.Sae.Dictionaries;
using Interp.Sae.Metrics;
using Interp.Sae.Tests.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Metrics;

public class DictionaryMetricsTests
{
    /// <summary>Two features that read and write the two axes, with half the length: a closed case.</summary>
    private static SparseCoder Halving()
    {
        using var generator = new Generator(0);
        using var scope = torch.NewDisposeScope();
        var d = new StandardOptions { DIn = 2, DSae = 3, ApplyBDecToInput = false }.Create(generator);
        d["W_enc"].copy_(torch.tensor([1f, 0, 0, 0, 1, 0], [2, 3]));
        d["W_dec"].copy_(torch.tensor([0.5f, 0, 0, 0.5f, 0, 0], [3, 2]));
        return d;
    }

    [Fact]
    public void A_case_that_can_be_computed_by_hand()
    {
        using var scope = torch.NewDisposeScope();
        using var d = Halving();
        using var metrics = new DictionaryMetrics(d);
        metrics.Add(torch.tensor([4f, 0, 0, 2], [2, 2]));
        metrics.Add(torch.tensor([2f, 2, 6, 0], [2, 2]));
        var report = metrics.Report();
        Assert.Equal(4, report.Rows);
        Assert.Equal(5 / 4.0, report.L0);
        Assert.Equal((4 + 2 + 4 + 6) / 4.0, report.L1, 12);
        // Errors are half the rows: squared norms 16, 4, 8, 36 over 4. About the mean (3, 1): 1+1, 9+1, 1+1, 9+1.
        Assert.Equal(16.0 / 4 / 2, report.Mse, 12);
        Assert.Equal(1 - 16.0 / 24, report.ExplainedVariance, 12);
        Assert.Equal(1, report.CosineSimilarity, 12);
        Assert.Equal(0.5, report.L2Ratio, 12);
        Assert.Equal(0.5, report.RelativeReconstructionBias, 12);
        Assert.Equal([0.75, 0.5, 0], report.Densities);
        Assert.Equal((1, 2), (report.Dead, report.Dense));
    }

    [Fact]
    public void Explained_variance_is_its_definition_whatever_the_batches_and_the_mean()
    {
        using var scope = torch.NewDisposeScope();
        using var d = Kinds.Create("topk");
        // A mean a thousand times the spread: dividing by squares that are not centred would give 1.000000.
        var x = Kinds.Input(d, 101) + 1000;
        d["b_dec"].fill_(1000);
        using var metrics = new DictionaryMetrics(d);
        metrics.Add(x[..3]);
        metrics.Add(x[3..64]);
        metrics.Add(x[64..]);
        var (rows, output) = (x.to(ScalarType.Float64), d.Forward(x).to(ScalarType.Float64));
        var variance = (rows - rows.mean(0)).square().sum().ToDouble();
        var expected = 1 - (rows - output).square().sum().ToDouble() / variance;
        Assert.Equal(expected, metrics.Report().ExplainedVariance, 1e-9);
        Assert.True(Math.Abs(expected) < 0.99);
    }

    [Fact]
    public void A_perfect_dictionary_explains_everything_and_the_mean_explains_nothing()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(0);
        using var d = new StandardOptions { DIn = 2, DSae = 4, ApplyBDecToInput = false }.Create(generator);
        d["W_enc"].copy_(torch.tensor([1f, -1, 0, 0, 0, 0, 1, -1], [2, 4]));
        d["W_dec"].copy_(d["W_enc"].t());
        using var perfect = new DictionaryMetrics(d);
        var x = Kinds.Random([50, 2], 1);
        perfect.Add(x);
        Assert.Equal(1, perfect.Report().ExplainedVariance, 6);
        Assert.Equal(2, perfect.Report().L0);
        d["W_dec"].zero_();
        d["b_dec"].copy_(x.mean(0));
        using var mean = new DictionaryMetrics(d);
        mean.Add(x);
        Assert.Equal(0, mean.Report().ExplainedVariance, 6);
    }

    [Fact]
    public void A_transcoder_is_measured_against_its_target()
    {
        using var scope = torch.NewDisposeScope();
        using var d = Kinds.Create("skip transcoder");
        var (x, y) = (Kinds.Input(d, 40), Kinds.Random([40, 5], 7));
        using var metrics = new DictionaryMetrics(d);
        metrics.Add(x, y);
        Assert.Equal((y - d.Forward(x)).square().mean().ToDouble(), metrics.Report().Mse, 4);
    }

    [Fact]
    public void A_feature_is_dense_above_a_tenth_of_the_rows_and_dead_only_at_none()
    {
        using var scope = torch.NewDisposeScope();
        using var d = Halving();
        using var metrics = new DictionaryMetrics(d);
        // Feature 0 is on in 2 of 20 rows and feature 1 in 3.
        metrics.Add(torch.tensor([.. Enumerable.Range(0, 40).Select(i => i is 0 or 2 or 1 or 3 or 5 ? 0.1f : -1)],
            [20, 2]));
        Assert.Equal([0.1, 0.15, 0], metrics.Report().Densities);
        Assert.Equal((1, 1), (metrics.Report().Dense, metrics.Report().Dead));
    }

    [Fact]
    public void Nothing_measured_is_an_error()
    {
        using var d = Halving();
        using var metrics = new DictionaryMetrics(d);
        Assert.Throws<InvalidOperationException>(metrics.Report);
    }
}
