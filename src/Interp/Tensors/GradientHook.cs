using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>Sees the gradient of a value on its way back, and may change it: PyTorch's <c>register_hook</c>.</summary>
/// <remarks>
/// TorchSharp has no such hook; here the value goes through a function that does nothing forward and calls the hook
/// backward. Use what <see cref="Attach"/> returns from there on.
/// <code>
/// x = GradientHook.Attach(x, gradient => gradient * 0.5);
/// </code>
/// </remarks>
public static class GradientHook
{
    /// <summary>The value to go on with.</summary>
    /// <param name="value">A tensor that requires a gradient.</param>
    /// <param name="hook">Gets the gradient; what it returns goes further back, null for the gradient itself.</param>
    public static Tensor Attach(Tensor value, Func<Tensor, Tensor?> hook) => new Tap(hook).Apply(value)[0];

    private sealed class Tap(Func<Tensor, Tensor?> hook) : CustomFunction
    {
        protected override Tensor[] Forward(Tensor[] inputs) => [inputs[0].view_as(inputs[0])];

        protected override Tensor?[] Backward(Tensor?[] gradOutputs) =>
            [gradOutputs[0] is { } gradient ? hook(gradient) ?? gradient : null];
    }
}
