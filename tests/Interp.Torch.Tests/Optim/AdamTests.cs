namespace Interp.Torch.Tests.Optim;

/// <summary>Adam and AdamW against the equations, computed in double precision without tensors.</summary>
public class AdamTests
{
    private static readonly double[] Start = [0.5, -1.25, 3.0];

    [Theory]
    [InlineData(0.0, false, false, false)]
    [InlineData(0.1, false, false, false)]
    [InlineData(0.1, true, false, false)]
    [InlineData(0.1, false, true, false)]
    [InlineData(0.1, true, true, false)]
    [InlineData(0.0, false, false, true)]
    [InlineData(0.1, false, true, true)]
    [InlineData(0.1, true, true, true)]
    public void Adam_follows_its_equations(double decay, bool amsgrad, bool maximize, bool fused)
    {
        var options = new AdamOptions
        {
            LearningRate = 0.03,
            Beta1 = 0.8,
            Beta2 = 0.95,
            Epsilon = 1e-6,
            WeightDecay = decay,
            AmsGrad = amsgrad,
            Maximize = maximize,
            Fused = fused,
        };
        Compare(parameters => new Adam(parameters, options), options, decoupled: false);
    }

    [Theory]
    [InlineData(0.0, false, false, false)]
    [InlineData(0.2, false, false, false)]
    [InlineData(0.2, true, true, false)]
    [InlineData(0.2, false, true, true)]
    public void AdamW_follows_its_equations(double decay, bool amsgrad, bool maximize, bool fused)
    {
        var options = new AdamWOptions
        {
            LearningRate = 0.03,
            Beta1 = 0.8,
            Beta2 = 0.95,
            WeightDecay = decay,
            AmsGrad = amsgrad,
            Maximize = maximize,
            Fused = fused,
        };
        Compare(parameters => new AdamW(parameters, options), options, decoupled: true);
    }

    [Theory]
    [InlineData(ScalarType.Float32, false)]
    [InlineData(ScalarType.Float32, true)]
    [InlineData(ScalarType.Float64, false)]
    public void Steps_in_one_pass_are_those_of_several_to_the_last_bits(ScalarType dtype, bool transposed)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(1);
        var start = torch.randn([70, 300], generator).to(dtype); // more than one thread's share
        Tensor Parameter() => (transposed ? start.t().clone() : start.clone()).requires_grad_();
        var (one, several) = (Parameter(), Parameter());
        using var fused = new Adam([one], new AdamOptions { LearningRate = 0.01, Fused = true });
        using var plain = new Adam([several], new AdamOptions { LearningRate = 0.01 });
        for (var step = 0; step < 5; step++)
        {
            var gradient = torch.randn(start.shape, generator).to(dtype);
            (one.grad, several.grad) = (transposed ? gradient.t() : gradient, transposed ? gradient.t() : gradient);
            fused.step();
            plain.step();
        }

        var difference = (one - several).abs().max().item<double>();
        Assert.InRange(difference, 0, dtype == ScalarType.Float32 ? 2e-6 : 1e-14);
        Assert.NotEqual(0, (one - (transposed ? start.t() : start)).abs().min().item<double>());
        Assert.Equal(plain.state_dict().Numbers, fused.state_dict().Numbers);
    }

    [Fact]
    public void The_defaults_are_those_of_PyTorch()
    {
        Assert.Equal((1e-3, 0.9, 0.999, 1e-8, 0.0), Of(new AdamOptions()));
        Assert.Equal((1e-3, 0.9, 0.999, 1e-8, 0.01), Of(new AdamWOptions()));

        static (double, double, double, double, double) Of(AdamOptions o) =>
            (o.LearningRate, o.Beta1, o.Beta2, o.Epsilon, o.WeightDecay);
    }

    [Fact]
    public void A_beta_of_one_is_an_error_naming_it()
    {
        using var parameter = Make.Of(1f).requires_grad_();
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW([parameter],
            new AdamWOptions { Beta2 = 1 }));
        Assert.Contains("Beta2", error.Message);
    }

    private static void Compare(Func<Tensor[], Optimizer> make, AdamOptions o, bool decoupled)
    {
        var parameter = Make.Of(Start).requires_grad_();
        using var optimizer = make([parameter]);
        double[] theta = [.. Start], m = new double[3], v = new double[3], largest = new double[3];
        for (var t = 1; t <= 7; t++)
        {
            using var scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            // Gradients that grow and shrink, so that AMSGrad's maximum matters: d/dθ of Σ c_t θ²/2 is c_t θ.
            var factor = t <= 3 ? 2.0 * t : 0.1;
            (parameter.square().sum() * (factor / 2)).backward();
            optimizer.step();
            for (var k = 0; k < 3; k++)
            {
                var g = factor * theta[k] * (o.Maximize ? -1 : 1);
                if (decoupled) theta[k] *= 1 - o.LearningRate * o.WeightDecay;
                else g += o.WeightDecay * theta[k];
                m[k] = o.Beta1 * m[k] + (1 - o.Beta1) * g;
                v[k] = o.Beta2 * v[k] + (1 - o.Beta2) * g * g;
                largest[k] = Math.Max(largest[k], v[k]);
                var square = o.AmsGrad ? largest[k] : v[k];
                var root = Math.Sqrt(square / (1 - Math.Pow(o.Beta2, t))) + o.Epsilon;
                theta[k] -= o.LearningRate / (1 - Math.Pow(o.Beta1, t)) * m[k] / root;
            }
            AssertTensor.Close(theta, parameter, 1e-12);
        }
    }
}
