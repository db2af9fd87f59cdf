using Interp.Models;

namespace Interp.Processing;

/// <summary><c>center_unembed</c>: the logits of every position have mean zero over the outputs.</summary>
/// <remarks>
/// A softmax does not change when all logits shift together, so the mean over outputs of every row of W_U and of b_U can
/// be taken off. The shift is exactly this:
/// <code>
/// logits' = logits − mean over outputs(logits)
/// </code>
/// Log-probabilities stay. Capped logits c · tanh(l / c) do not shift together, so there it would change them.
/// </remarks>
internal sealed class CenterLogits : WeightStep
{
    internal override string Name => "center_unembed";

    internal override string? Invalid(ModelParts model) =>
        model.Config.OutputLogitsSoftCap is { } cap
            ? $"logits are capped at {cap}, and a cap does not let them shift together"
        : model.Config.OutputSize == 1 ? "of a single output nothing would be left"
        : null;

    internal override ModelParts Apply(ModelParts model)
    {
        var weights = WeightEdit.Untie(model.Weights);
        WeightEdit.Center(weights.Unembed.Weight, -1);
        WeightEdit.Center(weights.Unembed.Bias, -1);
        return model with { Weights = weights };
    }
}
