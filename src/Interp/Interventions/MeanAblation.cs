using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Interventions;

/// <summary>Puts the mean: one that was measured on a reference set, or that of the batch itself (Wang et al.
/// 2022).</summary>
/// <param name="Hook"><inheritdoc cref="Intervention" path="/param"/></param>
public sealed record MeanAblation(string Hook) : Intervention(Hook)
{
    /// <summary>A measured mean, broadcast to the values [batch, pos, …]; null for the mean over the run's own
    /// batch.</summary>
    public TensorValue? Mean { get; init; }

    /// <summary>Whether the batch's own mean is taken over positions too; <value>true</value>.</summary>
    public bool OverPositions { get; init; } = true;

    private protected override Tensor Change(Tensor value, HookPoint point, RunPlace place) => Mean is { } mean
        ? mean.ToTensor(value.dtype, value.device)
        : value.mean(OverPositions && point.Dimensions.Count > 1 && point.Dimensions[1] == "pos" ? [0, 1] : [0], true);

    private protected override void CheckValue(HookPoint point, HookedTransformer model)
    {
        if (Mean is not null) CarriedValue.Check(this, Mean, point, model);
    }
}
