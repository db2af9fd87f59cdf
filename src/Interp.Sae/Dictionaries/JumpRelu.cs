using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>z where z is above its threshold, else 0, with a derivative for the threshold.</summary>
/// <remarks>
/// Rajamanoharan et al. 2024 (arXiv 2407.14435), with K(u) = 1[|u| &lt; ½]:
/// <code>
/// f = z · 1[z &gt; θ]
/// ∂f/∂z = 1[z &gt; θ]
/// ∂f/∂θ = −(θ/ε) K((z − θ)/ε)
/// </code>
/// </remarks>
/// <param name="bandwidth">ε</param>
internal sealed class JumpRelu(double bandwidth) : CustomFunction
{
    protected override Tensor[] Forward(Tensor[] inputs)
    {
        var (z, threshold) = (inputs[0], inputs[1]);
        Save(z, threshold);
        return [z * z.gt(threshold).to(z.dtype)];
    }

    protected override Tensor?[] Backward(Tensor?[] gradOutputs)
    {
        var (grad, z, threshold) = (gradOutputs[0]!, Saved[0], Saved[1]);
        return
        [
            grad * z.gt(threshold).to(grad.dtype),
            (grad * Window(z, threshold, bandwidth)).flatten(0, -2).sum([0]) * threshold * (-1 / bandwidth),
        ];
    }

    /// <summary>K((z − θ)/ε) as 0 or 1.</summary>
    internal static Tensor Window(Tensor z, Tensor threshold, double bandwidth) =>
        (z - threshold).abs().lt(bandwidth / 2).to(z.dtype);
}
