namespace Interp.Torch.Tests.NN;

public class InitTests
{
    private readonly Tensor weight = torch.empty([200, 100]).requires_grad_();

    private static Generator Seed => new(1);

    [Fact]
    public void Spreads_follow_the_formulas()
    {
        Check(torch.nn.init.xavier_uniform_(weight, 2, Seed), 2 * Math.Sqrt(6 / 300.0), uniform: true);
        Check(torch.nn.init.kaiming_uniform_(weight, generator: Seed), Math.Sqrt(6 / 100.0), uniform: true);
        Check(torch.nn.init.kaiming_uniform_(weight, Math.Sqrt(5), Seed), 0.1, uniform: true);
        Check(torch.nn.init.xavier_normal_(weight, generator: Seed), Math.Sqrt(2 / 300.0), uniform: false);
        Check(torch.nn.init.kaiming_normal_(weight, generator: Seed), Math.Sqrt(2 / 100.0), uniform: false);
        Check(torch.nn.init.normal_(weight, 0, 0.3, Seed), 0.3, uniform: false);
        Check(torch.nn.init.uniform_(weight, -0.4, 0.4, Seed), 0.4, uniform: true);

        static void Check(Tensor tensor, double size, bool uniform)
        {
            Assert.Equal(uniform ? size / Math.Sqrt(3) : size, tensor.std().item<double>(), size * 0.02);
            Assert.Equal(0, tensor.mean().item<double>(), size * 0.02);
            if (uniform) Assert.InRange(tensor.abs().max().item<double>(), size * 0.99, size);
        }
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(3, 5)]
    [InlineData(4, 4)]
    public void Orthogonal_rows_or_columns_are_orthonormal_times_the_gain(long rows, long columns)
    {
        var w = torch.nn.init.orthogonal_(torch.empty([rows, columns], ScalarType.Float64), 3, Seed);
        var product = rows < columns ? w.matmul(w.t()) : w.t().matmul(w);
        AssertTensor.Close(torch.eye(Math.Min(rows, columns), dtype: ScalarType.Float64) * 9, product, 1e-12);
    }

    [Fact]
    public void A_truncated_normal_stays_within_its_bounds()
    {
        var w = torch.nn.init.trunc_normal_(torch.empty([20_000]), 1, 2, 0, 3, Seed);
        Assert.InRange(w.min().item<double>(), 0, 0.01);
        Assert.InRange(w.max().item<double>(), 2.99, 3);
        // Standard deviation of a normal cut at (−½, 1) standard deviations around its mean, times 2.
        Assert.Equal(0.8426, w.std().item<double>(), 0.02);
    }

    [Fact]
    public void Numbers_are_those_of_PyTorch()
    {
        // torch.manual_seed(0); torch.nn.init.…(torch.empty(2, 2))
        AssertTensor.Close([-0.0092, 0.6570, -1.0080, -0.9013],
            torch.nn.init.xavier_uniform_(torch.empty([2, 2]), generator: new(0)), 1e-4);
        AssertTensor.Close([0.5774, 0.8164, -0.8164, 0.5774],
            torch.nn.init.orthogonal_(torch.empty([2, 2]), generator: new(0)), 1e-4);
        AssertTensor.Close([1.2582, -0.2396, -1.7790, 0.4641, -0.8855, -1.1419],
            torch.nn.init.kaiming_normal_(torch.empty([2, 3]), generator: new(0)), 1e-4);
        AssertTensor.Close([-0.0090, 0.6935, -1.2415, -1.0417],
            torch.nn.init.trunc_normal_(torch.empty([4]), generator: new(0)), 1e-4);
    }

    [Fact]
    public void Initial_values_are_not_recorded()
    {
        Assert.Same(weight, torch.nn.init.ones_(weight));
        Assert.True(weight.is_leaf);
        Assert.Equal(20_000, weight.sum().item<double>());
        Assert.Equal(0, torch.nn.init.zeros_(weight).abs().sum().item<double>());
        Assert.Equal(7, torch.nn.init.constant_(weight, 7).mean().item<double>());
    }

    [Fact]
    public void A_vector_has_no_fans() =>
        Assert.Contains("1 dimensions", Assert.Throws<ArgumentException>(
            () => torch.nn.init.xavier_normal_(torch.empty([3]))).Message);
}
