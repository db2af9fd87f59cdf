namespace Interp.Torch.Tests.Optim;

/// <summary>SGD against the equations, computed in double precision without tensors.</summary>
public class SGDTests
{
    [Theory]
    [InlineData(0.0, 0.0, false, 0.0, false)]
    [InlineData(0.9, 0.0, false, 0.0, false)]
    [InlineData(0.9, 0.3, false, 0.0, false)]
    [InlineData(0.9, 0.0, true, 0.0, false)]
    [InlineData(0.9, 0.0, true, 0.1, false)]
    [InlineData(0.0, 0.0, false, 0.1, true)]
    [InlineData(0.9, 0.0, true, 0.1, true)]
    public void SGD_follows_its_equations(double momentum, double dampening, bool nesterov, double decay, bool maximize)
    {
        double[] theta = [0.5, -1.25, 3.0], b = [];
        var parameter = Make.Of<double>([.. theta]).requires_grad_();
        using var optimizer = new SGD([parameter], new SgdOptions
        {
            LearningRate = 0.05,
            Momentum = momentum,
            Dampening = dampening,
            Nesterov = nesterov,
            WeightDecay = decay,
            Maximize = maximize,
        });
        for (var t = 1; t <= 6; t++)
        {
            using var scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            parameter.square().sum().backward();
            optimizer.step();
            var g = theta.Select(x => 2 * x * (maximize ? -1 : 1) + decay * x).ToArray();
            b = t == 1 ? g : [.. b.Zip(g, (old, x) => momentum * old + (1 - dampening) * x)];
            for (var k = 0; k < 3; k++)
                theta[k] -= 0.05 * (momentum == 0 ? g[k] : nesterov ? g[k] + momentum * b[k] : b[k]);
            AssertTensor.Close(theta, parameter, 1e-12);
        }
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.9, 0.1)]
    public void Nesterov_needs_momentum_and_no_dampening(double momentum, double dampening)
    {
        using var parameter = Make.Of(1f).requires_grad_();
        var options = new SgdOptions { Nesterov = true, Momentum = momentum, Dampening = dampening };
        Assert.Throws<ArgumentException>(() => new SGD([parameter], options));
    }
}
