using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Interventions;

/// <summary>Removes a direction: value − (value · d) d with d the direction at length 1 (Arditi et al. 2024,
/// directional ablation).</summary>
/// <param name="Hook"><inheritdoc cref="Intervention" path="/param"/></param>
/// <param name="Direction">A vector as long as the last dimension, of any length but 0.</param>
public sealed record ProjectingOut(string Hook, TensorValue Direction) : Intervention(Hook)
{
    private protected override Tensor Change(Tensor value, HookPoint point, RunPlace place)
    {
        using var scope = torch.NewDisposeScope();
        var direction = Direction.ToTensor(value.dtype, value.device);
        direction = direction / direction.norm();
        return scope.MoveToOuter(value - (value * direction).sum([-1], true) * direction);
    }

    private protected override void CheckValue(HookPoint point, HookedTransformer model)
    {
        CarriedValue.CheckVector(this, Direction, point, model);
        if (Array.TrueForAll(Direction.Data, part =>
            part == 0)) throw new ArgumentException($"{this}: the direction is zero");
    }
}
