using System.Numerics;

namespace Interp.Torch.Tests.Tensors;

public class PointwiseTests
{
    private static readonly double[] Points = [-2.5, -1, -0.3, 0, 0.4, 0.5, 1, 1.5, 3];

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Torch, Func<double,
        double> Numbers)> Functions = new()
        {
            ["abs"] = (x => x.abs(), Math.Abs),
            ["exp"] = (x => x.exp(), Math.Exp),
            ["expm1"] = (x => x.expm1(), v => Math.Exp(v) - 1),
            ["log"] = (x => x.log(), Math.Log),
            ["log1p"] = (x => x.log1p(), v => Math.Log(1 + v)),
            ["log2"] = (x => x.log2(), Math.Log2),
            ["log10"] = (x => x.log10(), Math.Log10),
            ["sqrt"] = (x => x.sqrt(), Math.Sqrt),
            ["rsqrt"] = (x => x.rsqrt(), v => 1 / Math.Sqrt(v)),
            ["square"] = (x => x.square(), v => v * v),
            ["reciprocal"] = (x => x.reciprocal(), v => 1 / v),
            ["sign"] = (x => x.sign(), v => Math.Sign(v)),
            ["floor"] = (x => x.floor(), Math.Floor),
            ["ceil"] = (x => x.ceil(), Math.Ceiling),
            ["round"] = (x => x.round(), v => Math.Round(v, MidpointRounding.ToEven)),
            ["trunc"] = (x => x.trunc(), Math.Truncate),
            ["frac"] = (x => x.frac(), v => v - Math.Truncate(v)),
            ["sin"] = (x => x.sin(), Math.Sin),
            ["cos"] = (x => x.cos(), Math.Cos),
            ["tan"] = (x => x.tan(), Math.Tan),
            ["asin"] = (x => x.asin(), Math.Asin),
            ["acos"] = (x => x.acos(), Math.Acos),
            ["atan"] = (x => x.atan(), Math.Atan),
            ["sinh"] = (x => x.sinh(), Math.Sinh),
            ["cosh"] = (x => x.cosh(), Math.Cosh),
            ["tanh"] = (x => x.tanh(), Math.Tanh),
            ["sigmoid"] = (x => x.sigmoid(), v => 1 / (1 + Math.Exp(-v))),
            ["relu"] = (x => x.relu(), v => Math.Max(v, 0)),
            ["silu"] = (x => x.silu(), v => v / (1 + Math.Exp(-v))),
            ["gelu tanh"] = (x => x.gelu("tanh"), v =>
                0.5 * v * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)))),
            ["gelu"] = (x => x.gelu(), v => v * (1 + Erf(v / Math.Sqrt(2))) / 2),
            ["erf"] = (x => x.erf(), Erf),
            ["softplus"] = (F.softplus, v => Math.Log(1 + Math.Exp(v))),
            ["logsigmoid"] = (F.logsigmoid, v => -Math.Log(1 + Math.Exp(-v))),
            ["leaky_relu"] = (x => F.leaky_relu(x, 0.1), v => v > 0 ? v : 0.1 * v),
            ["elu"] = (x => F.elu(x), v => v > 0 ? v : Math.Exp(v) - 1),
            ["clamp"] = (x => x.clamp(-1, 1.5), v => Math.Clamp(v, -1, 1.5)),
            ["clamp_min"] = (x => x.clamp_min(0.5), v => Math.Max(v, 0.5)),
            ["clamp_max"] = (x => x.clamp_max(0.5), v => Math.Min(v, 0.5)),
            ["clamp one side"] = (x => x.clamp(max: 0.25), v => Math.Min(v, 0.25)),
            ["logit"] = (x => x.logit(), v => Math.Log(v / (1 - v))),
            ["heaviside"] = (x => x.heaviside(Make.Of(0.5)), v => v < 0 ? 0 : v > 0 ? 1 : 0.5),
            ["erfinv of erf"] = (x => x.clamp(-1.5, 1.5).erf().erfinv(), v => Math.Clamp(v, -1.5, 1.5)),
            ["lgamma of 2"] = (x => (x * 0 + 4).lgamma(), _ => Math.Log(6)),
            ["exp_"] = (x => x.clone().exp_(), Math.Exp),
            ["sqrt_"] = (x => x.clone().sqrt_(), Math.Sqrt),
            ["relu_"] = (x => x.clone().relu_(), v => Math.Max(v, 0)),
            ["neg_"] = (x => x.clone().neg_(), v => -v),
            ["zero_"] = (x => x.clone().zero_(), _ => 0),
            ["reciprocal_"] = (x => x.clone().reciprocal_(), v => 1 / v),
            ["abs_"] = (x => x.clone().abs_(), Math.Abs),
            ["sigmoid_"] = (x => x.clone().sigmoid_(), v => 1 / (1 + Math.Exp(-v))),
            ["tanh_"] = (x => x.clone().tanh_(), Math.Tanh),
            ["log_"] = (x => x.clone().log_(), Math.Log),
            ["rsqrt_"] = (x => x.clone().rsqrt_(), v => 1 / Math.Sqrt(v)),
            ["pow_"] = (x => x.clone().pow_(3), v => v * v * v),
            ["clamp_"] = (x => x.clone().clamp_(-1, 1), v => Math.Clamp(v, -1, 1)),
            ["fill_"] = (x => x.clone().fill_(7), _ => 7),
            ["nan_to_num"] = (x => x.sqrt().nan_to_num(-1), v => v < 0 ? -1 : Math.Sqrt(v)),
        };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_agrees_with_the_numbers(string name)
    {
        var (function, numbers) = Functions[name];
        AssertTensor.Close(Points.Select(numbers), function(Make.Of(Points)), 1e-6);
    }

    [Fact]
    public void Softmax_sums_to_one_and_does_not_overflow()
    {
        var x = Make.Of(new[,] { { 1000.0, 1001, 1002 }, { -5, 0, 5 } });
        double[] weights = [Math.Exp(-2), Math.Exp(-1), 1];
        AssertTensor.Close(weights.Select(w => w / weights.Sum()), x.softmax(-1)[0], 1e-12);
        AssertTensor.Close([1, 1], x.softmax(1).sum(1), 1e-12);
        AssertTensor.Close(x.softmax(0), x.log_softmax(0).exp(), 1e-12);
        Assert.Equal(ScalarType.Float64, Make.Of(1f, 2f).softmax(0, ScalarType.Float64).dtype);
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_recognized()
    {
        var x = Make.Of(1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity);
        AssertTensor.Equal([false, true, false, false], x.isnan());
        AssertTensor.Equal([false, false, true, true], x.isinf());
        AssertTensor.Equal([true, false, false, false], x.isfinite());
    }

    [Fact]
    public void Complex_numbers_have_parts()
    {
        var z = torch.complex(Make.Of(3.0, 0.0), Make.Of(4.0, -2.0));
        Assert.Equal([new Complex(3, 4), new Complex(0, -2)], z.ToArray<Complex>());
        AssertTensor.Close([5, 2], z.abs());
        AssertTensor.Close([3, 0], z.real());
        AssertTensor.Close([4, -2], z.imag());
        AssertTensor.Close([Math.Atan2(4, 3), -Math.PI / 2], z.angle());
        AssertTensor.Close([3, 4, 0, -2], z.view_as_real());
        Assert.True(z.view_as_real().view_as_complex().equal(z));
    }

    [Fact]
    public void Conjugates_are_copied_out_as_what_they_stand_for()
    {
        var z = torch.complex(Make.Of(3f, 1f), Make.Of(4f, -2f));
        Assert.Equal([new ComplexFloat(3, -4), new ComplexFloat(1, 2)], z.conj().ToArray<ComplexFloat>());
        AssertTensor.Equal([-4f, 2f], z.conj().imag());
        Assert.Equal(new Complex(3, -4), z.conj()[0].item<Complex>());
    }

    [Fact]
    public void Functions_of_two_tensors_avoid_overflow()
    {
        AssertTensor.Close([1000 + Math.Log(2)], Make.Of(1000.0).logaddexp(Make.Of(1000.0)), 1e-12);
        AssertTensor.Close([0, 2 * Math.Log(3)], Make.Of(0.0, 2.0).xlogy(Make.Of(0.0, 3.0)), 1e-12);
        AssertTensor.Close([1, 7], Make.Of(0.0, 5.0).lerp(Make.Of(4.0, 9.0), Make.Of(0.25, 0.5)));
        AssertTensor.Close([1, 2], Make.Of(0.0, 5.0).clamp(Make.Of(1.0, 1.0), Make.Of(2.0, 2.0)));
    }

    /// <summary>Error function by its series, accurate for |x| up to 3.</summary>
    private static double Erf(double x)
    {
        double sum = 0, term = x;
        for (var n = 0; n < 60; n++)
        {
            sum += term / (2 * n + 1);
            term *= -x * x / (n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
