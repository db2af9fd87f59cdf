using Interp.Studies.ModularAddition;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.ModularAddition;

/// <summary>The basis, projections and fits on values whose answers are known in closed form.</summary>
public sealed class FourierTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(13), InlineData(12), InlineData(113)]
    public void The_basis_is_orthonormal_in_the_documented_order(int n)
    {
        using var basis = new FourierBasis(n);
        Assert.True(basis.Rows.MatMul(basis.Rows.t()).allclose(torch.eye(n, dtype: ScalarType.Float64), atol: 1e-12));
        var x = torch.arange(n, ScalarType.Float64) * (2 * Math.PI * 5 / n);
        Assert.True(basis.Rows[0].allclose(torch.full([n], 1 / Math.Sqrt(n), ScalarType.Float64)));
        Assert.True(basis.Rows[9].allclose(x.cos() / x.cos().norm(), atol: 1e-12));
        Assert.True(basis.Rows[10].allclose(x.sin() / x.sin().norm(), atol: 1e-12));
        Assert.Equal(("const", "cos 5", "sin 5"), (FourierBasis.Name(0), FourierBasis.Name(9), FourierBasis.Name(10)));
        Assert.Equal(n % 2 == 0 ? 1 : 2, basis.RowsOf(n / 2).Count);
    }

    [Fact]
    public void A_spectrum_finds_the_frequencies_that_a_matrix_is_made_of()
    {
        using var basis = new FourierBasis(29);
        var values = torch.stack([basis.Rows[5] * 3, basis.Rows[6] * 4 + basis.Rows[0] * 50, basis.Rows[21] * 0.5], 1); // cos 3, sin 3, cos 11
        var spectrum = FrequencySpectrum.Of(values, basis);
        Assert.Equal(5, spectrum.Norm(3), 1e-9);
        Assert.Equal([3], KeyFrequencies.Of(spectrum, FrequencyRule.Embedding).Frequencies);
        Assert.Equal(25 / 25.25, spectrum.EnergyAt([3]), 1e-9);
    }

    [Fact]
    public void The_gini_coefficient_is_0_for_equal_numbers_and_near_1_for_one_that_is_all()
    {
        Assert.Equal(0, GiniCoefficient.Of([2, 2, 2, 2]), 1e-12);
        Assert.Equal(0.75, GiniCoefficient.Of([0, 0, 7, 0]), 1e-12);
        Assert.Equal(0.25, GiniCoefficient.Of([3, 1]), 1e-12);
        Assert.Equal(0, GiniCoefficient.Of([0, 0]));
    }

    [Theory]
    [InlineData(13), InlineData(12)]
    public void A_projection_is_that_onto_c_k_and_s_k_as_they_are_defined(int n)
    {
        using var basis = new FourierBasis(n);
        using var projection = new SumProjection(basis);
        using var generator = new Generator(2);
        var logits = torch.randn([n * n, n], ScalarType.Float64, generator: generator);
        var expected = torch.zeros_like(logits);
        foreach (var k in new[] { 2, n / 2 })
        {
            var cos = basis.Rows[FourierBasis.CosineRow(k)];
            var sin = basis.HasSine(k) ? basis.Rows[FourierBasis.SineRow(k)] : torch.zeros_like(cos);
            var scale = basis.HasSine(k) ? Math.Sqrt(2) : 1;
            foreach (var direction in new[] { (cos.outer(cos) - sin.outer(sin)) / scale, (sin.outer(cos) + cos.outer(sin)) / scale })
                expected += direction.flatten().outer(direction.flatten().MatMul(logits));
        }

        int[] keys = [2, n / 2];
        Assert.True(projection.Along(logits, keys).allclose(expected, atol: 1e-10));
        Assert.True(projection.Excluded(logits, keys).allclose(logits - expected, atol: 1e-10));
        Assert.True(projection.Restricted(logits, keys).allclose(logits.mean(0, keepdim: true) + expected, atol: 1e-10));
    }

    [Fact]
    public void On_waves_of_a_plus_b_minus_c_restricted_loss_is_the_loss_excluded_loss_is_ln_p_and_all_variance_is_explained()
    {
        const int n = 29;
        using var basis = new FourierBasis(n);
        using var projection = new SumProjection(basis);
        var alphas = new Dictionary<int, double> { [3] = 9, [7] = 5, [12] = 7 };
        var logits = Waves(n, alphas);
        var labels = Labels(n);
        var loss = PairForward.Loss(logits, labels).ToDouble();
        Assert.Equal(loss, PairForward.Loss(projection.Restricted(logits, alphas.Keys), labels).ToDouble(), 1e-10);
        Assert.Equal(Math.Log(n), PairForward.Loss(projection.Excluded(logits, alphas.Keys), labels).ToDouble(), 1e-10);

        var fit = LogitApproximation.Fit(logits, projection, basis, [3, 7, 12]);
        Assert.Equal(1, fit.ExplainedVariance, 1e-10);
        Assert.Equal(loss, fit.Loss, 1e-10);
        foreach (var (k, alpha) in alphas) Assert.Equal(alpha, fit.Coefficients[k], 1e-9);
        // Half the energy is of frequency 3 when the two others are left out.
        var part = LogitApproximation.Fit(logits, projection, basis, [3]);
        Assert.Equal(81.0 / (81 + 25 + 49), part.ExplainedVariance, 1e-10);
    }

    [Fact]
    public void Neurons_are_sorted_by_the_frequency_whose_products_they_are()
    {
        const int n = 17;
        using var basis = new FourierBasis(n);
        using var generator = new Generator(5);
        var (i, j) = (torch.arange(n, ScalarType.Float64).unsqueeze(1), torch.arange(n, ScalarType.Float64).unsqueeze(0));
        var w = 2 * Math.PI * 4 / n;
        Tensor[] neurons =
        [
            ((i * w).cos() * (j * w).cos() + (i * w).sin() * 0.3 + (j * w).cos() + 2).flatten(), // of frequency 4 alone
            ((i * w).cos() * (j * w * 2).cos()).flatten(), // of two frequencies at once: of none
            torch.full([n * n], 3.0, ScalarType.Float64),
            torch.randn([n * n], ScalarType.Float64, generator: generator),
        ];
        var all = torch.stack(neurons, 1);
        var clusters = NeuronClusters.Of(all, basis);
        Assert.Equal((4, 1.0), (clusters.Fits[0].Frequency, Math.Round(clusters.Fits[0].ExplainedVariance, 9)));
        Assert.InRange(clusters.Fits[1].ExplainedVariance, 0, 1e-9);
        Assert.Equal((0, 0.0), (clusters.Fits[2].Frequency, clusters.Fits[2].ExplainedVariance));
        Assert.InRange(clusters.Fits[3].ExplainedVariance, 0, 0.5);
        Assert.Equal([0], clusters.Clusters[4]);
        Assert.Equal(0.25, clusters.ClusteredPart);
        Assert.Equal([4], clusters.KeyFrequencies().Frequencies);
        // What is a polynomial already stays, and so does what belongs to none.
        Assert.True(clusters.Polynomials(all, basis).allclose(all, atol: 1e-9));
        var noisy = all + torch.stack([neurons[1] * 0.1, .. neurons[1..]], 1) * torch.tensor((double[])[1, 0, 0, 0]);
        Assert.True(clusters.Polynomials(noisy, basis).allclose(all, atol: 1e-9));
    }

    [Fact]
    public void A_head_whose_scores_are_a_wave_is_found_with_its_frequency()
    {
        const int n = 17;
        using var basis = new FourierBasis(n);
        var i = torch.arange(n, ScalarType.Float64);
        var wave = (i * (2 * Math.PI * 6 / n) + 0.4).cos();
        var first = wave.unsqueeze(1).expand(n, n).flatten();
        var second = (wave + (i * (2 * Math.PI / n)).cos()).unsqueeze(0).expand(n, n).flatten();
        var scores = torch.stack([first, second, torch.zeros_like(first)], 1).unsqueeze(1); // [pair, 1, 3]
        var fit = Assert.Single(AttentionFit.Of(scores, scores.softmax(-1), basis));
        Assert.Equal(6, fit.Frequency);
        Assert.Equal(1, fit.ExplainedFirst, 1e-9);
        Assert.Equal(0.5, fit.ExplainedSecond, 1e-9);
        Assert.Equal(scores.softmax(-1)[.., 0, 2].mean().ToDouble(), fit.ToEquals, 1e-12);
    }

    [Fact]
    public void Distance_irrelevance_is_1_where_logits_depend_on_the_sum_and_0_where_they_depend_on_the_distance()
    {
        const int n = 11;
        Tensor Right(Func<int, int, double> logit) => torch.tensor(
            [.. from i in Enumerable.Range(0, n) from j in Enumerable.Range(0, n) from c in Enumerable.Range(0, n) select c == (i + j) % n ? logit(i, j) : 99.0],
            [n * n, n]);
        Assert.Equal(1, ClockOrPizza.Irrelevance(Right((i, j) => (i + j) % n), n), 1e-9);
        Assert.Equal(0, ClockOrPizza.Irrelevance(Right((i, j) => Math.Abs(Math.Cos(Math.PI * (i - j) / n))), n), 1e-9);
    }

    private static Tensor Waves(int n, Dictionary<int, double> alphas)
    {
        var values = from i in Enumerable.Range(0, n)
                     from j in Enumerable.Range(0, n)
                     from c in Enumerable.Range(0, n)
                     select alphas.Sum(pair => pair.Value * Math.Cos(2 * Math.PI * pair.Key * (i + j - c) / n));
        return torch.tensor([.. values], [n * n, n]);
    }

    private static Tensor Labels(int n) => torch.tensor([.. Enumerable.Range(0, n * n).Select(pair => (long)((pair / n + pair % n) % n))], [n * n]);
}
