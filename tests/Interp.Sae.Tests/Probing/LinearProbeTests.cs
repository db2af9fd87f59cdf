using Interp.Sae.Probing;
using Interp.Sae.Tests.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Probing;

public class LinearProbeTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(0.1, true)]
    public void A_fit_is_where_the_gradient_of_the_published_loss_is_zero(double c, bool balanced)
    {
        using var scope = torch.NewDisposeScope();
        var x = Kinds.Random([60, 4], 1).to(ScalarType.Float64);
        bool[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 4 == 0)];
        using var probe = LinearProbe.Fit(x, labels, c, balanced);
        var (rows, w) = (x.ToArray<double>(), probe.Weight.ToArray<double>());
        var gradient = new double[5];
        for (var i = 0; i < 60; i++)
        {
            var score = probe.Bias + Enumerable.Range(0, 4).Sum(j => rows[i * 4 + j] * w[j]);
            // 15 true and 45 false rows.
            var share = !balanced ? 1 : labels[i] ? 60 / 30.0 : 60 / 90.0;
            var pull = c * share * (1 / (1 + Math.Exp(-score)) - (labels[i] ? 1 : 0));
            for (var j = 0; j < 4; j++) gradient[j] += pull * rows[i * 4 + j];
            gradient[4] += pull;
        }

        for (var j = 0; j < 4; j++) gradient[j] += w[j];
        Assert.All(gradient, value => Assert.InRange(value, -1e-6, 1e-6));
    }

    [Fact]
    public void Separable_rows_have_a_finite_fit_that_is_always_right()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor([-2f, -1, 1, 2], [4, 1]);
        var data = new LabelledActivations(x, [false, false, true, true]);
        using var probe = LinearProbe.Fit(x, data.Labels);
        Assert.Equal(new BinaryScores(1, 1, 1), probe.Test(data));
        Assert.InRange(probe.Weight[0].ToDouble(), 0.5, 2);
        Assert.Equal(0, probe.Bias, 6);
    }

    [Fact]
    public void Scores_are_shares_of_the_right_rows()
    {
        var scores = BinaryScores.Of([true, true, true, false, false, false], [true, false, false, true, true, false]);
        Assert.Equal(2 / 6.0, scores.Accuracy, 12);
        Assert.Equal(1 / 3.0, scores.Precision, 12);
        Assert.Equal(1 / 3.0, scores.Recall, 12);
        scores = BinaryScores.Of([true, false, false, false], [true, true, true, false]);
        Assert.Equal((0.5, 1, 1 / 3.0, 0.5), (scores.Accuracy, scores.Precision, scores.Recall, scores.F1));
        Assert.Equal(0, BinaryScores.Of([false, false], [true, false]).F1);
    }

    [Fact]
    public void The_sparse_regression_holds_its_conditions_of_optimality()
    {
        using var scope = torch.NewDisposeScope();
        const double penalty = 0.03;
        var x = Kinds.Random([80, 9], 3).to(ScalarType.Float64);
        double[] y = [.. Enumerable.Range(0, 80).Select(i => x[i, 2].ToDouble() > 0.6 ? 1.0 : 0)];
        var positives = y.Sum();
        var weights = FeatureSelection.SparseWeights(x, torch.tensor(y, [80]), penalty);
        var w = weights.ToArray<double>();
        Assert.Equal(2, Array.IndexOf(w, w.Max()));
        Assert.Contains(w, value => value == 0);
        // The bias is not returned: it is where its own derivative is 0.
        double[] Gradient(double bias)
        {
            var p = (x.MatMul(weights) + bias).sigmoid().ToArray<double>();
            var pull = torch.tensor(p.Select((value, i) =>
                (value - y[i]) * (y[i] > 0 ? (80 - positives) / positives : 1) / 80).ToArray(), [80]);
            return [.. x.t().MatMul(pull).ToArray<double>(), pull.sum().ToDouble()];
        }

        var (low, high) = (-20.0, 20.0);
        for (var i = 0; i < 60; i++) (low, high) = Gradient((low + high) / 2)[9] > 0 ? (low, (low + high) / 2)
            : ((low + high) / 2, high);
        var gradient = Gradient(low);
        for (var j = 0; j < 9; j++)
        {
            if (w[j] == 0) Assert.InRange(Math.Abs(gradient[j]), 0, penalty + 1e-4);
            else Assert.Equal(-penalty * Math.Sign(w[j]), gradient[j], 1e-4);
        }
    }

    [Fact]
    public void Data_that_cannot_be_fitted_is_an_error()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.ones([3, 2]);
        Assert.Contains("both classes", Assert.Throws<ArgumentException>(() =>
            LinearProbe.Fit(x, [true, true, true])).Message);
        Assert.Contains("2 labels", Assert.Throws<ArgumentException>(() => LinearProbe.Fit(x, [true, false])).Message);
        Assert.Contains("C 0", Assert.Throws<ArgumentException>(() =>
            LinearProbe.Fit(x, [true, false, true], 0)).Message);
    }
}
