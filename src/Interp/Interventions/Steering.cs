using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Interventions;

/// <summary>Adds a multiple of a direction: value + coefficient · direction (Turner et al. 2023, activation
/// addition).</summary>
/// <param name="Hook"><inheritdoc cref="Intervention" path="/param"/></param>
/// <param name="Direction">A vector as long as the last dimension; used as it is, not normalized.</param>
/// <param name="Coefficient">How much of it.</param>
public sealed record Steering(string Hook, TensorValue Direction, double Coefficient) : Intervention(Hook)
{
    private protected override Tensor Change(Tensor value, HookPoint point, RunPlace place)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(value + Direction.ToTensor(value.dtype, value.device) * Coefficient);
    }

    private protected override void CheckValue(HookPoint point, HookedTransformer model) =>
        CarriedValue.CheckVector(this, Direction, point, model);
}
