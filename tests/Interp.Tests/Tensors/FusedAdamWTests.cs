using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Tensors;

public sealed class FusedAdamWTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    public void It_steps_as_TorchSharps_own_does(double decay)
    {
        using var scope = torch.NewDisposeScope();
        using var random = new Generator(3);
        var start = torch.randn([5, 4], generator: random);
        var (own, fused) = (new TorchSharp.Modules.Parameter(start.clone()), start.clone().requires_grad_());
        using var plain = torch.optim.AdamW([own], 1e-2, weight_decay: decay);
        using var one = new FusedAdamW([fused], 1e-2, weight_decay: decay);
        var schedules = new[] { torch.optim.lr_scheduler.StepLR(plain, 5), torch.optim.lr_scheduler.StepLR(one, 5) };
        for (var step = 0; step < 20; step++)
        {
            var x = torch.randn([4, 4], generator: random);
            foreach (var (optimizer, weight) in new (optim.Optimizer, Tensor)[] { (plain, own), (one, fused) })
            {
                optimizer.zero_grad();
                weight.mm(x).square().sum().backward();
                optimizer.step();
            }
            foreach (var schedule in schedules) schedule.step();
            Assert.True(fused.allclose(own, 1e-5, 1e-6), $"step {step}");
        }
        Assert.False(fused.allclose(start, 1e-3, 1e-3));
    }

    [Fact]
    public void What_has_no_real_floats_or_is_a_result_cannot_be_trained()
    {
        using var scope = torch.NewDisposeScope();
        Assert.Contains("leaf of real floats", Assert.Throws<ArgumentException>(() => new FusedAdamW([torch.arange(3)])).Message);
        var result = torch.ones([2]).requires_grad_() * 2;
        Assert.Contains("detach", Assert.Throws<ArgumentException>(() => new FusedAdamW([result])).Message);
    }
}
