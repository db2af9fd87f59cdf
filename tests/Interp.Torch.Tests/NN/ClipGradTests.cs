namespace Interp.Torch.Tests.NN;

public class ClipGradTests
{
    [Fact]
    public void Gradients_are_scaled_together_to_the_largest_norm_allowed()
    {
        var (a, b) = Parameters();
        Assert.Equal(13, torch.nn.utils.clip_grad_norm_([a, b, Make.Of(1f).requires_grad_()], 6.5).item<double>(),
            1e-5);
        AssertTensor.Close([1.5, 2], a.grad!);
        AssertTensor.Close([6], b.grad!);
    }

    [Fact]
    public void Gradients_within_the_norm_keep_their_bits()
    {
        var (a, b) = Parameters();
        torch.nn.utils.clip_grad_norm_([a, b], 100);
        AssertTensor.Equal([3f, 4f], a.grad!);
        AssertTensor.Equal([12f], b.grad!);
    }

    [Fact]
    public void The_largest_element_is_the_infinity_norm()
    {
        var (a, b) = Parameters();
        Assert.Equal(12, torch.nn.utils.clip_grad_norm_([a, b], 6, double.PositiveInfinity).item<double>());
        AssertTensor.Close([1.5, 2], a.grad!);
    }

    [Fact]
    public void A_norm_that_is_not_finite_can_be_an_error()
    {
        var (a, b) = Parameters();
        b.grad = Make.Of(float.NaN);
        Assert.Contains("NaN", Assert.Throws<InvalidOperationException>(
            () => torch.nn.utils.clip_grad_norm_([a, b], 1, errorIfNonfinite: true)).Message);
        AssertTensor.Equal([3f, 4f], a.grad!);
    }

    [Fact]
    public void Without_gradients_the_norm_is_zero() =>
        Assert.Equal(0, torch.nn.utils.clip_grad_norm_([Make.Of(1f).requires_grad_()], 1).item<double>());

    [Fact]
    public void Values_are_limited_one_by_one()
    {
        var (a, b) = Parameters();
        a.grad = Make.Of(-3f, 0.5f);
        torch.nn.utils.clip_grad_value_([a, b, Make.Of(1f).requires_grad_()], 2);
        AssertTensor.Equal([-2f, 0.5f], a.grad!);
        AssertTensor.Equal([2f], b.grad!);
    }

    /// <summary>Two parameters with the gradients (3, 4) and (12): their norm together is 13.</summary>
    private static (Tensor, Tensor) Parameters()
    {
        var (a, b) = (Make.Of(1f, 1f).requires_grad_(), Make.Of(1f).requires_grad_());
        (a * Make.Of(3f, 4f)).sum().backward();
        (b * 12).sum().backward();
        return (a, b);
    }
}
