using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Tensors;

/// <summary>Gradients as values, hooks on their way and functions with derivatives of their own.</summary>
public sealed class GradientsTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Gradients_of_leaves_and_of_values_on_the_way_are_the_derivatives_and_grad_stays_as_it_was()
    {
        var x = torch.tensor(new[] { 1f, 2f, 3f }).requires_grad_();
        x.grad = torch.tensor(new[] { 7f, 7f, 7f });
        var square = x * x;
        var loss = (square * 2).sum();
        var gradients = Gradients.Of([loss], [x, square]);
        Assert.Equal([4f, 8f, 12f], gradients[0]!.ToArray<float>());
        Assert.Equal([2f, 2f, 2f], gradients[1]!.ToArray<float>());
        Assert.Equal([7f, 7f, 7f], x.grad!.ToArray<float>());
    }

    [Fact]
    public void A_second_derivative_comes_from_a_recorded_pass()
    {
        var x = torch.tensor(new[] { 2f }).requires_grad_();
        var first = Gradients.Of([(x * x * x).sum()], [x], createGraph: true)[0]!;
        Assert.Equal(12f, Gradients.Of([first.sum()], [x])[0]!.ToSingle(), 1e-5);
    }

    [Fact]
    public void An_input_that_is_not_used_is_an_error_or_null()
    {
        var (x, y) = (torch.ones([2]).requires_grad_(), torch.ones([2]).requires_grad_());
        var loss = x.sum();
        Assert.Contains("do not depend on input 1", Assert.Throws<InvalidOperationException>(
            () => Gradients.Of([loss], [x, y], retainGraph: true)).Message);
        Assert.Null(Gradients.Of([loss], [x, y], allowUnused: true)[1]);
    }

    [Fact]
    public void What_does_not_fit_is_said_before_libtorch_is_asked()
    {
        var x = torch.ones([2]).requires_grad_();
        Assert.Contains("no single number", Assert.Throws<ArgumentException>(() => Gradients.Of([x * 2], [x])).Message);
        Assert.Contains("does not fit output 0", Assert.Throws<ArgumentException>(
            () => Gradients.Of([x * 2], [x], [torch.ones([3])])).Message);
        Assert.Contains("requires no gradient", Assert.Throws<InvalidOperationException>(
            () => Gradients.Of([torch.ones([1])], [x])).Message);
    }

    [Fact]
    public void A_second_pass_through_a_freed_graph_is_an_exception()
    {
        var x = torch.ones([2]).requires_grad_();
        var loss = (x * x).sum();
        Gradients.Of([loss], [x]);
        Assert.Contains("second time", Assert.ThrowsAny<Exception>(() => Gradients.Of([loss], [x])).Message);
    }

    [Fact]
    public void A_hook_sees_the_gradient_and_may_replace_it()
    {
        var x = torch.tensor(new[] { 1f, 2f }).requires_grad_();
        float[]? seen = null;
        var y = GradientHook.Attach(x * 3, gradient =>
        {
            seen = gradient.ToArray<float>();
            return gradient * 10;
        });
        Gradients.Backward(y.sum());
        Assert.Equal([1f, 1f], seen!);
        Assert.Equal([30f, 30f], x.grad!.ToArray<float>());
    }

    [Fact]
    public void What_a_hook_throws_comes_out_of_the_pass()
    {
        var x = torch.ones([2]).requires_grad_();
        var y = GradientHook.Attach(x * 2, _ => throw new FormatException("mine"));
        Assert.Equal("mine", Assert.Throws<FormatException>(() => Gradients.Backward(y.sum())).Message);
        var plain = GradientHook.Attach(x * 2, _ => throw new FormatException("mine"));
        Assert.ThrowsAny<Exception>(() => plain.sum().backward()); // an error too, and not the end of the process
    }

    [Fact]
    public void A_function_keeps_what_it_saves_until_the_graph_is_freed()
    {
        var before = Tensor.TotalCount;
        using (torch.NewDisposeScope())
        {
            var x = torch.tensor(new[] { 2f, 3f }).requires_grad_();
            var y = new Cube().Apply(x)[0].sum();
            Gradients.Backward(y, retainGraph: true);
            Assert.Equal([12f, 27f], x.grad!.ToArray<float>());
            Gradients.Backward(y);
            Assert.Equal([24f, 54f], x.grad!.ToArray<float>());
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Clipping_scales_all_gradients_by_their_common_norm()
    {
        var (x, y) = (torch.zeros([1]).requires_grad_(), torch.zeros([1]).requires_grad_());
        (x.grad, y.grad) = (torch.tensor(new[] { 3f }), torch.tensor(new[] { 4f }));
        Assert.Equal(5, Gradients.ClipNorm([x, y], 1).ToDouble(), 1e-5);
        Assert.Equal(0.6, x.grad!.ToDouble(), 1e-5);
        Assert.Equal(0.8, y.grad!.ToDouble(), 1e-5);
        Gradients.ClipNorm([x, y], 10);
        Assert.Equal(0.6, x.grad!.ToDouble(), 1e-5);
    }

    private sealed class Cube : CustomFunction
    {
        protected override Tensor[] Forward(Tensor[] inputs)
        {
            Save(inputs[0]);
            return [inputs[0].pow(3)];
        }

        protected override Tensor?[] Backward(Tensor?[] gradOutputs) => [gradOutputs[0]! * Saved[0].square() * 3];
    }
}
