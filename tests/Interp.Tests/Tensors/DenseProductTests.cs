using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Tensors;

/// <summary>Products of matrices beside those in float64.</summary>
public class DenseProductTests
{
    /// <summary>Small ones, and such as are large enough for oneDNN where it is the faster one.</summary>
    public static TheoryData<ScalarType, int, int, int> Sizes
    {
        get
        {
            var data = new TheoryData<ScalarType, int, int, int>();
            foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
            {
                data.Add(dtype, 0, 4, 5);
                data.Add(dtype, 3, 4, 5);
                data.Add(dtype, 1, 2100, 2001);
                data.Add(dtype, 200, 160, 170);
                data.Add(dtype, 333, 1, 20000);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_linear_map_is_what_it_is_in_float64(ScalarType dtype, int rows, int inner, int outer)
    {
        using var scope = NewDisposeScope();
        var (x, weight, bias) = (Normal(dtype, rows, inner), Normal(dtype, outer, inner), Normal(dtype, outer));
        var expected = x.to(ScalarType.Float64).mm(weight.to(ScalarType.Float64).t());
        Near(expected, DenseProduct.Linear(x, weight));
        Near(expected + bias, DenseProduct.Linear(x, weight, bias));
        Near((expected + bias).relu(), DenseProduct.Linear(x, weight, bias, relu: true));
        Near(expected.relu(), DenseProduct.Linear(x, weight, relu: true));
        var stored = weight.t().contiguous(); // the same weights, transposed in memory
        Near(expected + bias, DenseProduct.Linear(x.t().contiguous().t(), stored.t(), bias));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_transposed_product_is_added(ScalarType dtype, int rows, int n, int m)
    {
        using var scope = NewDisposeScope();
        var (a, b, sum) = (Normal(dtype, rows, n), Normal(dtype, rows, m), Normal(dtype, n, m));
        var expected = sum + a.to(ScalarType.Float64).t().mm(b.to(ScalarType.Float64));
        DenseProduct.AddTransposed(sum, a, b);
        Near(expected, sum);
    }

    [Fact]
    public void Gradients_are_recorded_where_they_are_wanted()
    {
        using var scope = NewDisposeScope();
        var x = Normal(ScalarType.Float32, 200, 160);
        var weight = Normal(ScalarType.Float32, 170, 160).requires_grad_(true);
        DenseProduct.Linear(x, weight).sum().backward();
        Near(x.sum([0]).expand(170, 160).to(ScalarType.Float64), weight.grad!);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_an_error_that_names_both()
    {
        using var scope = NewDisposeScope();
        Tensor Multiply() => DenseProduct.Linear(zeros([200, 160]), zeros([170, 161]));
        var message = Assert.Throws<ArgumentException>(Multiply).Message;
        Assert.Contains("[200, 160]", message);
        Assert.Contains("[170, 161]", message);
    }

    private static Tensor Normal(ScalarType dtype, params long[] shape)
    {
        using var generator = new Generator(5);
        return randn(shape, dtype, generator: generator);
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        if (expected.numel() == 0) return;
        var rounding = actual.dtype == ScalarType.Float32 ? 2e-6 : 1e-14;
        var allowed = rounding * Math.Max(1, expected.abs().max().ToDouble());
        var difference = (expected - actual).abs().max().ToDouble();
        Assert.True(difference <= allowed, $"the largest difference is {difference}, allowed is {allowed}");
    }
}
