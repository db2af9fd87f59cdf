using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries;

/// <summary>The straight-through derivatives, computed by hand.</summary>
public class JumpReluTests
{
    // θ = 0.5 and ε = 0.2: the window is 0.4 to 0.6.
    private static readonly float[] Values = [0.3f, 0.45f, 0.55f, 0.9f];

    [Fact]
    public void JumpReLU_is_z_above_the_threshold_and_moves_the_threshold_from_within_the_window()
    {
        using var scope = torch.NewDisposeScope();
        var z = torch.tensor(Values, [4, 1]).requires_grad_();
        var threshold = torch.tensor([0.5f]).requires_grad_();
        var weights = torch.tensor([1f, 2f, 3f, 4f], [4, 1]);
        var f = new JumpRelu(0.2).Apply(z, threshold)[0];
        Kinds.Close(torch.tensor([0f, 0f, 0.55f, 0.9f], [4, 1]), f.detach(), 0);
        (f * weights).sum().backward();
        Kinds.Close(torch.tensor([0f, 0f, 3f, 4f], [4, 1]), z.grad!, 0);
        Kinds.Close(torch.tensor([-0.5f / 0.2f * (2 + 3)]), threshold.grad!, 1e-5);
    }

    [Fact]
    public void The_step_is_a_count_and_moves_only_the_threshold()
    {
        using var scope = torch.NewDisposeScope();
        var z = torch.tensor(Values, [4, 1]).requires_grad_();
        var threshold = torch.tensor([0.5f]).requires_grad_();
        var step = new HeavisideStep(0.2).Apply(z, threshold)[0];
        Assert.Equal(2, step.sum().ToDouble());
        (step * torch.tensor([1f, 2f, 3f, 4f], [4, 1])).sum().backward();
        Assert.True(z.grad is null || z.grad.abs().sum().ToDouble() == 0);
        Kinds.Close(torch.tensor([-1 / 0.2f * (2 + 3)]), threshold.grad!, 1e-5);
    }

    [Fact]
    public void A_price_on_features_raises_thresholds_until_they_turn_off()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(1);
        using var d = new JumpReluOptions
        {
            DIn = 6,
            DSae = 16,
            L0Coefficient = 0.5,
            Bandwidth = 0.5
        }.Create(generator).RequireGradients();
        using var adam = new FusedAdamW(d.Parameters, 3e-3);
        var x = Kinds.Input(d, 64);
        var before = d.Encode(x).gt(0).sum().ToInt64();
        for (var step = 0; step < 200; step++)
        {
            using var inner = torch.NewDisposeScope();
            adam.zero_grad();
            d.Loss(x, x, LossContext.Default).Total.backward();
            adam.step();
        }

        Assert.True(d["threshold"].max().ToDouble() > 0.05);
        Assert.True(d.Encode(x).gt(0).sum().ToInt64() < before);
    }
}
