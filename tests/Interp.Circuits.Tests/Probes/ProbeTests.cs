using Interp.Circuits.Probes;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Probes;

public sealed class ProbeTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly Generator random = new(7);

    public void Dispose()
    {
        scope.Dispose();
        random.Dispose();
    }

    [Fact]
    public void One_feature_of_two_values_gives_the_log_odds_of_the_counts()
    {
        // x = 0: 30 of 40 are class 1; x = 1: 5 of 50. Without a penalty the fit is the logarithm of the odds.
        var x = torch.cat([torch.zeros([40, 1]), torch.ones([50, 1])]);
        var y = torch.cat([torch.ones([30]), torch.zeros([10]), torch.ones([5]), torch.zeros([45])])
            .to(ScalarType.Int64);
        foreach (var standardize in (bool[])[false, true])
        {
            var probe = LogisticProbe.Fit(x, y,
                new LogisticProbeOptions { L2 = 0, Standardize = standardize, Tolerance = 1e-9 });
            Assert.True(probe.Converged);
            Assert.Equal(Math.Log(3), probe.Bias.ToDouble(), 5);
            Assert.Equal(Math.Log(5.0 / 45) - Math.Log(3), probe.Weight.ToDouble(), 5);
            Assert.Equal(0.75, probe.Probabilities(x)[0, 1].ToDouble(), 5);
            Assert.Equal((30 + 45) / 90.0, probe.Accuracy(x, y), 9);
        }
    }

    [Theory, InlineData(2), InlineData(4)]
    public void At_the_fit_the_gradient_of_the_penalized_loss_is_zero(int classes)
    {
        var x = torch.randn([60, 5], generator: random) * torch.tensor(new[] { 1f, 3f, 0.1f, 1f, 10f });
        var y = torch.randint(0, classes, [60], generator: random);
        var options = new LogisticProbeOptions
        {
            L2 = 0.05,
            Standardize = false,
            Tolerance = 1e-9,
            MaxIterations = 2000
        };
        var probe = LogisticProbe.Fit(x, y, options);
        Assert.True(probe.Converged, $"{probe.Iterations} steps");
        Assert.Equal(classes, probe.Classes);
        var (w, b) = (probe.Weight.clone().requires_grad_(), probe.Bias.clone().requires_grad_());
        var scores = x.to(ScalarType.Float64).MatMul(w.t()) + b;
        if (classes == 2) scores = torch.cat([torch.zeros_like(scores), scores], 1);
        (torch.nn.functional.cross_entropy(scores, y) + 0.025 * w.square().sum()).backward();
        Assert.InRange(w.grad!.abs().max().ToDouble(), 0, 1e-8);
        Assert.InRange(b.grad!.abs().max().ToDouble(), 0, 1e-8);
        Assert.InRange((probe.Logits(x) - scores).abs().max().ToDouble(), 0, 1e-12);
    }

    [Fact]
    public void Several_classes_that_lie_apart_are_told_apart()
    {
        var centers = torch.randn([3, 8], generator: random) * 4;
        var y = torch.randint(0, 3, [300], generator: random);
        var x = centers.index_select(0, y) + torch.randn([300, 8], generator: random);
        var probe = LogisticProbe.Fit(x, y);
        Assert.True(probe.Accuracy(x, y) > 0.99);
        Assert.Equal([3, 8], probe.Weight.shape);
        Assert.True(probe.Predict(centers).Equals(torch.arange(3)));
    }

    [Fact]
    public void The_same_data_gives_the_same_fit_bit_for_bit()
    {
        var (x, y) = (torch.randn([80, 12], generator: random), torch.randint(0, 2, [80], generator: random));
        Assert.True(LogisticProbe.Fit(x, y).Weight.Equals(LogisticProbe.Fit(x, y).Weight));
    }

    [Fact]
    public void Classes_that_do_not_overlap_have_no_fit_without_a_penalty_and_it_is_said()
    {
        var (x, y) = (torch.tensor(new[] { -1f, -2f, 1f, 2f }, [4, 1]), torch.tensor(new long[] { 0, 0, 1, 1 }));
        var probe = LogisticProbe.Fit(x, y, new LogisticProbeOptions { L2 = 0, Tolerance = 1e-12, MaxIterations = 20 });
        Assert.False(probe.Converged);
        Assert.True(LogisticProbe.Fit(x, y).Converged);
        Assert.Equal(1, probe.Accuracy(x, y));
    }

    [Fact]
    public void A_mass_mean_probe_lies_along_the_difference_of_the_means()
    {
        var x = torch.tensor(new[] { 0f, 0f, 2f, 0f, 4f, 2f, 6f, 2f }, [4, 2]);
        var y = torch.tensor(new long[] { 0, 0, 1, 1 });
        using var probe = MassMeanProbe.Fit(x, y);
        Assert.Equal([4.0, 2.0], probe.Direction.ToArray<double>());
        // Between the means (1, 0) and (5, 2) the probability is one half.
        Assert.Equal(0.5, probe.Probabilities(torch.tensor(new[] { 3f, 1f }, [1, 2]))[0, 1].ToDouble(), 9);
        var point = torch.tensor(new[] { 4f, 1f }, [1, 2]);
        Assert.Equal(1 / (1 + Math.Exp(-4)), probe.Probabilities(point)[0, 1].ToDouble(), 9);
        Assert.Equal(1, probe.Accuracy(x, y));
    }

    [Fact]
    public void The_tilted_mass_mean_probe_is_the_linear_discriminant()
    {
        // Σ = [[1, 0.9], [0.9, 1]] in both classes, means (0, 0) and (1, 1): Σ⁻¹ θ = (1, 1) / 1.9.
        var root = torch.linalg.cholesky(torch.tensor(new[] { 1f, 0.9f, 0.9f, 1f }, [2, 2]));
        var y = torch.arange(40_000) % 2;
        var x = torch.randn([40_000, 2], generator: random).MatMul(root.t()) + y.to(ScalarType.Float32).unsqueeze(1);
        using var probe = MassMeanProbe.Fit(x, y, covariance: true);
        var weights = probe.Logits(torch.eye(2)).select(1, 1) - probe.Logits(torch.zeros([2, 2])).select(1, 1);
        foreach (var weight in weights.ToArray<double>()) Assert.Equal(1 / 1.9, weight, 0.08);
        // With equal covariances that is what logistic regression finds too.
        var logistic = LogisticProbe.Fit(x, y, new LogisticProbeOptions { L2 = 0 });
        foreach (var weight in logistic.Weight.ToArray<double>()) Assert.Equal(1 / 1.9, weight, 0.08);
    }

    [Fact]
    public void A_split_keeps_the_share_of_every_class_and_depends_on_the_seed_alone()
    {
        var y = torch.tensor(Enumerable.Range(0, 100).Select(k => k < 70 ? 0L : 1L).ToArray());
        (long[] Train, long[] Test) Split(ulong seed)
        {
            using var generator = new Generator(seed);
            var (train, test) = ProbeData.SplitRows(y, 0.3, generator);
            return (train.ToArray<long>(), test.ToArray<long>());
        }
        var (train, test) = Split(1);
        Assert.Equal(Enumerable.Range(0, 100).Select(k => (long)k), train.Concat(test).Order());
        Assert.Equal((21, 9), (test.Count(row => row < 70), test.Count(row => row >= 70)));
        Assert.Equal(train, Split(1).Train);
        Assert.Equal(test, Split(1).Test);
        Assert.NotEqual(test, Split(2).Test);
    }

    [Fact]
    public void Data_that_cannot_be_probed_is_refused()
    {
        var x = torch.randn([4, 2], generator: random);
        void Refused(string part, Action action) =>
            Assert.Contains(part, Assert.Throws<ArgumentException>(action).Message);
        Refused("[n, d]", () => LogisticProbe.Fit(x, torch.zeros([3], ScalarType.Int64)));
        Refused("integers", () => LogisticProbe.Fit(x, torch.zeros([4])));
        Refused("two classes", () => LogisticProbe.Fit(x, torch.ones([4], ScalarType.Int64)));
        Refused("have 3", () => MassMeanProbe.Fit(x, torch.tensor(new long[] { 0, 1, 2, 1 })));
        Refused("infinities", () => LogisticProbe.Fit(x / 0.0, torch.tensor(new long[] { 0, 1, 0, 1 })));
        Refused("must not be negative",
            () => LogisticProbe.Fit(x, torch.tensor(new long[] { 0, 1, 0, 1 }), new LogisticProbeOptions { L2 = -1 }));
        Refused("two of every class", () => ProbeData.SplitRows(torch.tensor(new long[] { 0, 0, 1 }), 0.5, random));
        Refused("between 0 and 1", () => ProbeData.SplitRows(torch.tensor(new long[] { 0, 0, 1, 1 }), 1, random));
    }
}
