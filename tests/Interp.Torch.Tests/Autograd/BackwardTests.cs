namespace Interp.Torch.Tests.Autograd;

public class BackwardTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["arithmetic"] = x => (x * 3 - x / 2).pow(3) + 1 / (x.square() + 1),
        ["activations"] = x => x.gelu() + x.silu() + x.tanh() + F.softplus(x),
        ["softmax"] = x => x.view(2, 3).softmax(-1).square(),
        ["layer_norm"] = x => F.layer_norm(x.view(2, 3), [3]).pow(3),
        ["matmul"] = x => x.view(2, 3).matmul(x.view(3, 2)),
        ["einsum"] = x => torch.einsum("ij,kj->ik", x.view(2, 3), x.view(2, 3)),
        ["indexing"] = x => x[1..].square() * x[0],
        ["shapes"] = x => torch.cat([x.flip(0), x.view(2, 3).t().reshape(-1)]).cumsum(0).exp(),
        ["norm"] = x => x.norm().unsqueeze(0) + torch.linalg.vector_norm(x, 3),
        ["svd"] = x => torch.linalg.svdvals(x.view(2, 3)),
        ["cross entropy"] = x => F.cross_entropy(x.view(2, 3), torch.tensor(new[] { 2L, 0L },
            device: TestDevice.Current)),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_agree_with_finite_differences(string name)
    {
        var function = Functions[name];
        var x = Make.Leaf(7, 6);
        function(x).sum().backward();
        var found = x.grad!.ToArray<double>();
        using var noGrad = torch.no_grad();
        const double h = 1e-5;
        for (var k = 0; k < 6; k++)
        {
            var step = torch.zeros_like(x).fill_(h, k);
            var slope = (function(x + step).sum() - function(x - step).sum()).item<double>() / (2 * h);
            Assert.Equal(slope, found[k], 1e-5 * Math.Max(1, Math.Abs(slope)));
        }
    }

    [Fact]
    public void Gradients_add_up_until_they_are_cleared()
    {
        var x = Make.Of(2.0).requires_grad_();
        x.square().backward();
        x.square().backward();
        AssertTensor.Equal([8.0], x.grad!);
        x.grad = null;
        Assert.Null(x.grad);
        x.square().backward();
        AssertTensor.Equal([4.0], x.grad!);
    }

    [Fact]
    public void A_gradient_of_the_result_can_be_given()
    {
        var x = Make.Of(1.0, 2.0).requires_grad_();
        x.square().backward(Make.Of(1.0, 10.0));
        AssertTensor.Equal([2.0, 40.0], x.grad!);
    }

    [Fact]
    public void Gradients_as_values_leave_the_leaves_alone()
    {
        var (x, y) = (Make.Of(2.0).requires_grad_(), Make.Of(3.0).requires_grad_());
        var unused = Make.Of(1.0).requires_grad_();
        var grads = torch.autograd.grad([x * y, x.square()], [x, y, unused], [Make.Of(1.0), Make.Of(10.0)],
            allowUnused: true);
        AssertTensor.Equal([43.0], grads[0]!);
        AssertTensor.Equal([2.0], grads[1]!);
        Assert.Null(grads[2]);
        Assert.Null(x.grad);
    }

    [Fact]
    public void Second_derivatives_are_recorded_when_asked_for()
    {
        var x = Make.Of(2.0).requires_grad_();
        var first = torch.autograd.grad([x.pow(3)], [x], createGraph: true)[0]!;
        AssertTensor.Equal([12.0], first.detach());
        var second = torch.autograd.grad([first], [x], createGraph: true)[0]!;
        AssertTensor.Equal([12.0], second.detach());
        AssertTensor.Equal([6.0], torch.autograd.grad([second], [x])[0]!);
    }

    [Fact]
    public void A_graph_is_freed_unless_it_is_retained()
    {
        var x = Make.Of(2.0).requires_grad_();
        var y = x.square() * x;
        y.backward(retainGraph: true);
        y.backward();
        AssertTensor.Equal([24.0], x.grad!);
        Assert.Contains("second time", Assert.Throws<TorchException>(() => y.backward()).Message);
    }

    [Fact]
    public void Detached_tensors_and_no_grad_stop_gradients()
    {
        var x = Make.Of(2.0).requires_grad_();
        (x.detach() * x).backward();
        AssertTensor.Equal([2.0], x.grad!);
        using (torch.no_grad()) Assert.False((x * x).requires_grad);
        Assert.True((x * x).requires_grad);
    }

    [Fact]
    public void Facts_about_the_graph_are_PyTorchs()
    {
        var x = Make.Of(2.0).requires_grad_();
        var y = x * x;
        Assert.True(x.is_leaf);
        Assert.False(y.is_leaf);
        Assert.Equal("MulBackward0", y.grad_fn);
        Assert.Equal("", x.grad_fn);
        Assert.Equal(0, x.detach().grad_fn.Length);
    }

    [Fact]
    public void Mistakes_are_errors_with_ATens_message()
    {
        var x = Make.Of(1.0, 2.0).requires_grad_();
        Assert.Contains("scalar outputs", Assert.Throws<TorchException>(() => (x * 2).backward()).Message);
        Assert.Contains("does not require grad", Assert.Throws<TorchException>(() => Make.Of(1.0).backward()).Message);
        Assert.Contains("allow_unused", Assert.Throws<TorchException>(
            () => torch.autograd.grad([x.sum()], [Make.Of(1.0).requires_grad_()])).Message);
        Assert.Contains("floating point", Assert.Throws<TorchException>(() => Make.Of(1L).requires_grad_()).Message);
        Assert.Contains("only for leaf", Assert.Throws<TorchException>(() => (x * 2).requires_grad = false).Message);
        Assert.Contains("in-place operation", Assert.Throws<TorchException>(() => x.add_(1)).Message);
        Assert.Contains("modified by an inplace operation", Assert.Throws<TorchException>(() =>
        {
            var y = x.exp();
            y.add_(1);
            y.sum().backward();
        }).Message);
        Assert.Throws<ArgumentException>(() => torch.autograd.grad([x.sum()], [x], [null, null]));
    }

    [Fact]
    public void A_gradient_that_does_not_go_with_its_tensor_is_an_error()
    {
        var x = Make.Of(1.0, 2.0).requires_grad_();
        Assert.Contains("float64[3]", Assert.Throws<ArgumentException>(() => x.grad = Make.Of(1.0, 2.0, 3.0)).Message);
        Assert.Throws<ArgumentException>(() => x.grad = Make.Of(1f, 2f));
        x.grad = Make.Of(1.0, 2.0);
        x.sum().backward();
        AssertTensor.Equal([2.0, 3.0], x.grad!);
    }
}
