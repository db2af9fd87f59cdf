namespace Interp.Torch.Tests.Autograd;

public class CustomFunctionTests
{
    private readonly Tensor x = Make.Of(1.5, -2.0).requires_grad_();

    private sealed class StraightThrough : CustomFunction
    {
        protected override Tensor[] Forward(Tensor[] inputs) => [inputs[0].round()];

        protected override Tensor?[] Backward(Tensor?[] gradOutputs) => [gradOutputs[0]];
    }

    /// <summary>x³ from the input it saved, so that derivatives of any order flow.</summary>
    private sealed class Cube : CustomFunction
    {
        private Tensor? input;

        protected override Tensor[] Forward(Tensor[] inputs)
        {
            input = Save(inputs[0]);
            return [inputs[0].pow(3)];
        }

        protected override Tensor?[] Backward(Tensor?[] gradOutputs) => [gradOutputs[0]! * 3 * input!.square()];
    }

    /// <summary>exp(x) from the output it saved.</summary>
    private sealed class Exponential : CustomFunction
    {
        private Tensor? output;

        protected override Tensor[] Forward(Tensor[] inputs)
        {
            var result = inputs[0].exp();
            output = Save(result);
            return [result];
        }

        protected override Tensor?[] Backward(Tensor?[] gradOutputs) => [gradOutputs[0]! * output!];
    }

    private sealed class Free(Func<Tensor[], Tensor[]> forward, Func<Tensor?[], Tensor?[]> backward) : CustomFunction
    {
        protected override Tensor[] Forward(Tensor[] inputs) => forward(inputs);

        protected override Tensor?[] Backward(Tensor?[] gradOutputs) => backward(gradOutputs);
    }

    [Fact]
    public void The_given_derivative_is_used()
    {
        var y = new StraightThrough().Apply(x)[0];
        Assert.Equal("ManagedFunction", y.grad_fn);
        AssertTensor.Equal([2.0, -2.0], y.detach());
        (y * 3).sum().backward();
        AssertTensor.Equal([3.0, 3.0], x.grad!);
    }

    [Fact]
    public void What_was_saved_is_there_in_backward_after_its_scope_has_ended()
    {
        Tensor loss;
        using (torch.NewDisposeScope()) loss = new Cube().Apply(x * 2)[0].sum().MoveToOuterDisposeScope();
        loss.backward();
        AssertTensor.Close([6 * 9, 6 * 16], x.grad!);
    }

    [Fact]
    public void Derivatives_of_higher_order_flow_through_a_saved_input()
    {
        var first = torch.autograd.grad([new Cube().Apply(x)[0].sum()], [x], createGraph: true)[0]!;
        var second = torch.autograd.grad([first.sum()], [x])[0]!;
        AssertTensor.Close([9, -12], second);
    }

    [Fact]
    public void A_saved_output_serves_first_derivatives_and_refuses_second_ones()
    {
        new Exponential().Apply(x)[0].sum().backward();
        AssertTensor.Close([Math.Exp(1.5), Math.Exp(-2)], x.grad!);
        var error = Assert.Throws<InvalidOperationException>(
            () => torch.autograd.grad([new Exponential().Apply(x)[0].sum()], [x], createGraph: true));
        Assert.Contains("saved a tensor that is no input", error.Message);
    }

    [Fact]
    public void Several_inputs_and_outputs_may_go_without_gradients()
    {
        var other = Make.Of(10.0, 20.0).requires_grad_();
        List<bool> absent = [];
        var outputs = new Free(
            inputs => [inputs[0] * 2, inputs[1] * 3],
            grads =>
            {
                absent = [.. grads.Select(grad => grad is null)];
                return [null, grads[1]! * 3];
            }).Apply(x, other);
        outputs[1].sum().backward();
        Assert.Equal([true, false], absent);
        Assert.Null(x.grad);
        AssertTensor.Equal([3.0, 3.0], other.grad!);
    }

    [Fact]
    public void An_output_that_is_an_input_or_a_view_of_one_becomes_a_tensor_of_its_own()
    {
        var y = new Free(inputs => [inputs[0], inputs[0][..1]], grads => [grads[0]]).Apply(x);
        Assert.False(y[0].shares_storage_with(x));
        Assert.False(y[1].shares_storage_with(x));
        y[0].sum().backward();
        AssertTensor.Equal([1.0, 1.0], x.grad!);
    }

    [Fact]
    public void Without_recording_nothing_is_saved()
    {
        using (torch.no_grad()) Assert.False(new Cube().Apply(x)[0].requires_grad);
        Assert.False(new Cube().Apply(x.detach())[0].requires_grad);
    }

    [Fact]
    public void Exceptions_come_out_as_they_are()
    {
        Assert.Throws<FormatException>(() => new Free(_ => throw new FormatException(), grads => grads).Apply(x));
        var y = new Free(inputs => [inputs[0] * 1], _ => throw new FormatException("in backward")).Apply(x)[0];
        Assert.Equal("in backward", Assert.Throws<FormatException>(() => y.sum().backward()).Message);
    }

    [Fact]
    public void The_wrong_number_or_shape_of_gradients_is_an_error()
    {
        var y = new Free(inputs => [inputs[0] * 1], _ => []).Apply(x)[0];
        Assert.Contains("0 gradients for 1 inputs",
            Assert.Throws<InvalidOperationException>(() => y.sum().backward()).Message);
        y = new Free(inputs => [inputs[0] * 1], _ => [Make.Of(1.0, 2.0, 3.0)]).Apply(x)[0];
        Assert.Contains("ManagedFunction returned an invalid gradient",
            Assert.Throws<TorchException>(() => y.sum().backward()).Message);
    }

    [Fact]
    public void A_second_pass_needs_a_retained_graph()
    {
        var y = new Cube().Apply(x)[0].sum();
        y.backward(retainGraph: true);
        y.backward();
        AssertTensor.Close([13.5, 24], x.grad!);
        Assert.Contains("second time", Assert.Throws<TorchException>(() => y.backward()).Message);
    }

    [Fact]
    public void One_object_serves_one_call()
    {
        var cube = new Cube();
        cube.Apply(x);
        Assert.Contains("one call", Assert.Throws<InvalidOperationException>(() => cube.Apply(x)).Message);
    }
}
