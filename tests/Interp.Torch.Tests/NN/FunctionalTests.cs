namespace Interp.Torch.Tests.NN;

public class FunctionalTests
{
    private readonly Tensor x = Make.Normal(ScalarType.Float64, 1, 4, 3), y = Make.Normal(ScalarType.Float64, 2, 4, 3);
    private readonly Tensor classes = Make.Of(2L, 0L, 1L, 2L);

    [Fact]
    public void Layer_norm_is_its_formula()
    {
        var (w, b) = (Make.Of(1.0, 2.0, 3.0), Make.Of(0.5, 0.0, -0.5));
        var expected = (x - x.mean(1, true)) / (x.var(1, 0, true) + 1e-5).sqrt() * w + b;
        AssertTensor.Close(expected, F.layer_norm(x, [3], w, b), 1e-12);
        var (output, mean, rstd) = F.native_layer_norm(x, [3], w, b, 1e-5);
        AssertTensor.Close(expected, output, 1e-12);
        AssertTensor.Close(x.mean(1, true), mean, 1e-12);
        AssertTensor.Close(1 / (x.var(1, 0, true) + 1e-5).sqrt(), rstd, 1e-12);
    }

    [Fact]
    public void Cross_entropy_takes_classes_or_probabilities()
    {
        var losses = -x.log_softmax(1).gather(1, classes.unsqueeze(1)).squeeze(1);
        AssertTensor.Close(losses, F.cross_entropy(x, classes, F.Reduction.None), 1e-12);
        AssertTensor.Close(losses.mean(), F.cross_entropy(x, classes), 1e-12);
        AssertTensor.Close(losses.sum(), F.cross_entropy(x, classes, F.Reduction.Sum), 1e-12);
        AssertTensor.Close(losses, F.nll_loss(x.log_softmax(1), classes, F.Reduction.None), 1e-12);
        AssertTensor.Close(losses, F.cross_entropy(x, F.one_hot(classes, 3).@double(), F.Reduction.None), 1e-12);
        AssertTensor.Close(losses[1..].sum(), F.cross_entropy(x, Make.Of(-100L, 0L, 1L, 2L), F.Reduction.Sum), 1e-12);
        AssertTensor.Close(losses[1..3].mean(), F.cross_entropy(x, classes, ignoreIndex: 2), 1e-12);
        AssertTensor.Close(losses * 0.9 - x.log_softmax(1).mean(1) * 0.1,
            F.cross_entropy(x, classes, F.Reduction.None, labelSmoothing: 0.1), 1e-12);
        AssertTensor.Close(losses * Make.Of(1.0, 2.0, 3.0)[classes],
            F.cross_entropy(x, classes, F.Reduction.None, weight: Make.Of(1.0, 2.0, 3.0)), 1e-12);
    }

    [Fact]
    public void Losses_are_their_formulas()
    {
        var p = x.sigmoid();
        var t = y.sigmoid();
        var binary = -(t * p.log() + (1 - t) * (1 - p).log());
        AssertTensor.Close(binary, F.binary_cross_entropy(p, t, F.Reduction.None), 1e-12);
        AssertTensor.Close(binary.mean(), F.binary_cross_entropy_with_logits(x, t), 1e-12);
        AssertTensor.Close(-(3 * t * p.log() + (1 - t) * (1 - p).log()).sum(),
            F.binary_cross_entropy_with_logits(x, t, F.Reduction.Sum, Make.Of(3.0)), 1e-12);
        AssertTensor.Close((x - y).square().mean(), F.mse_loss(x, y), 1e-12);
        AssertTensor.Close((x - y).abs().sum(), F.l1_loss(x, y, F.Reduction.Sum), 1e-12);
        var d = (x - y).abs();
        AssertTensor.Close(torch.where(d < 0.5, d.square(), d - 0.25), F.smooth_l1_loss(x, y, F.Reduction.None, 0.5),
            1e-12);
        AssertTensor.Close(torch.where(d <= 2, d.square() / 2, 2 * (d - 1)), F.huber_loss(x, y, F.Reduction.None, 2),
            1e-12);
        var (logQ, target) = (x.log_softmax(1), y.softmax(1));
        AssertTensor.Close((target * (target.log() - logQ)).sum(), F.kl_div(logQ, target, F.Reduction.Sum), 1e-12);
        AssertTensor.Close((target * (target.log() - logQ)).mean(), F.kl_div(logQ, target.log(), logTarget: true),
            1e-12);
    }

    [Fact]
    public void Tables_are_read_by_row()
    {
        AssertTensor.Close(x[classes], F.embedding(x, classes));
        AssertTensor.Equal([2, 3], [0L, 0L, 1L, 1L, 0L, 0L], F.one_hot(Make.Of(2L, 0L)));
        var ids = Make.Of(new[,] { { 0L, 3L }, { 2L, 2L } });
        var weights = Make.Of(new[,] { { 0.5, -1.0 }, { 2.0, 1.0 } });
        AssertTensor.Close((x[ids] * weights.unsqueeze(-1)).sum(1), F.embedding_bag(x, ids, weights), 1e-12);
    }

    [Fact]
    public void Padding_starts_at_the_last_dimension()
    {
        var padded = F.pad(Make.Of(new[,] { { 1f, 2f } }), [1, 0, 0, 1], -1);
        AssertTensor.Equal([2, 3], [-1f, 1f, 2f, -1f, -1f, -1f], padded);
    }

    [Fact]
    public void Directions_are_compared_and_normalized()
    {
        var expected = (x * y).sum(1) / (x.norm([1]) * y.norm([1]));
        AssertTensor.Close(expected, F.cosine_similarity(x, y), 1e-12);
        AssertTensor.Close(torch.ones_like(expected), F.normalize(x).norm([1]), 1e-12);
        AssertTensor.Equal([1, 2], [0.0, 0.0], F.normalize(Make.Of(new[,] { { 0.0, 0.0 } })));
        AssertTensor.Close(x[.., ..2][.., ..1] * x[.., 1..2].sigmoid(), F.glu(x[.., ..2]), 1e-12);
    }

    [Fact]
    public void Dropout_keeps_the_mean_and_repeats_with_its_seed()
    {
        var ones = torch.ones([100, 100], device: TestDevice.Current);
        Tensor Drop() => F.dropout(ones, 0.25, generator: new Generator(3, TestDevice.Current));
        var dropped = Drop();
        Assert.True(dropped.equal(Drop()));
        Assert.Equal(1, dropped.mean().item<double>(), 0.03);
        AssertTensor.Close([0, 1 / 0.75], torch.unique(dropped).values);
        Assert.True(F.dropout(ones, training: false).equal(ones));
        Assert.True(F.dropout(ones, 0).equal(ones));
        Assert.Equal(0, F.dropout(ones, 1).sum().item<double>());
        Assert.Throws<ArgumentOutOfRangeException>(() => F.dropout(ones, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => F.dropout(ones, double.NaN));
    }

    [Fact]
    public void Activations_as_functions_are_the_methods()
    {
        AssertTensor.Close(x.relu(), F.relu(x));
        AssertTensor.Close(x.gelu("tanh"), F.gelu(x, "tanh"));
        AssertTensor.Close(x.silu(), F.silu(x));
        AssertTensor.Close(x.softmax(1), F.softmax(x, 1));
        AssertTensor.Close(x.log_softmax(1), F.log_softmax(x, 1));
    }
}
