using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>1 where z is above its threshold, else 0, with a derivative for the threshold only.</summary>
/// <remarks>
/// <code>
/// H = 1[z &gt; θ]
/// ∂H/∂z = 0
/// ∂H/∂θ = −(1/ε) K((z − θ)/ε)
/// </code>
/// As <see cref="JumpRelu"/>, from the same paper.
/// </remarks>
/// <param name="bandwidth">ε</param>
internal sealed class HeavisideStep(double bandwidth) : CustomFunction
{
    protected override Tensor[] Forward(Tensor[] inputs)
    {
        var (z, threshold) = (inputs[0], inputs[1]);
        Save(z, threshold);
        return [z.gt(threshold).to(z.dtype)];
    }

    protected override Tensor?[] Backward(Tensor?[] gradOutputs) =>
    [
        null,
        (gradOutputs[0]! * JumpRelu.Window(Saved[0], Saved[1], bandwidth)).flatten(0, -2).sum([0]) * (-1 / bandwidth),
    ];
}
