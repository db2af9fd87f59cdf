namespace Interp.Torch.Tests.Autograd;

public class HookTests
{
    private readonly Tensor x = Make.Of(1.0, 2.0).requires_grad_();

    [Fact]
    public void A_hook_sees_the_gradient_on_its_way()
    {
        double[] seen = [];
        var y = x * 3;
        y.register_hook(grad =>
        {
            seen = grad.ToArray<double>();
            return null;
        });
        (y * 2).sum().backward();
        Assert.Equal([2, 2], seen);
        AssertTensor.Equal([6.0, 6.0], x.grad!);
    }

    [Fact]
    public void A_hook_may_replace_the_gradient()
    {
        var y = x * 3;
        y.register_hook(grad => grad * 10);
        y.register_hook(grad => grad + 1);
        y.sum().backward();
        AssertTensor.Equal([33.0, 33.0], x.grad!);
    }

    [Fact]
    public void A_hook_may_return_the_gradient_itself()
    {
        x.register_hook(grad => grad);
        x.sum().backward();
        AssertTensor.Equal([1.0, 1.0], x.grad!);
    }

    [Fact]
    public void A_removed_hook_is_not_called()
    {
        var calls = 0;
        var hook = x.register_hook(_ =>
        {
            calls++;
            return null;
        });
        x.sum().backward();
        hook.Dispose();
        hook.Dispose();
        x.sum().backward();
        Assert.Equal(1, calls);
    }

    [Fact]
    public void An_exception_in_a_hook_comes_out_of_backward_as_it_is()
    {
        var y = x * 3;
        y.register_hook(_ => throw new FormatException("from the hook"));
        var error = Assert.Throws<FormatException>(() => y.sum().backward());
        Assert.Equal("from the hook", error.Message);
        Assert.Contains(nameof(An_exception_in_a_hook_comes_out_of_backward_as_it_is), error.StackTrace);
        // And the engine goes on working.
        x.sum().backward();
        AssertTensor.Equal([1.0, 1.0], x.grad!);
    }

    [Fact]
    public void An_error_of_ATen_in_a_hook_comes_out_as_it_is()
    {
        var y = x * 3;
        y.register_hook(grad => grad.matmul(Make.Of(new[,] { { 1.0, 2, 3 } })));
        Assert.Throws<TorchException>(() => y.sum().backward(retainGraph: true));
        Assert.Throws<TorchException>(() => torch.autograd.grad([y.sum()], [x]));
    }

    [Fact]
    public void A_replacement_of_another_shape_is_an_error()
    {
        var y = x * 3;
        y.register_hook(_ => Make.Of(1.0, 2.0, 3.0));
        Assert.Contains("size", Assert.Throws<TorchException>(() => y.sum().backward()).Message);
    }

    [Fact]
    public void A_tensor_without_gradients_takes_no_hook() =>
        Assert.Contains("doesn't require gradient", Assert.Throws<TorchException>(
            () => Make.Of(1.0).register_hook(_ => null)).Message);

    [Fact]
    public void A_hook_may_compute_gradients_itself()
    {
        var inner = Make.Of(3.0).requires_grad_();
        x.register_hook(grad =>
        {
            using (torch.enable_grad()) inner.square().backward();
            return grad * inner.grad!;
        });
        x.sum().backward();
        AssertTensor.Equal([6.0, 6.0], x.grad!);
    }
}
