using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Interventions;

/// <summary>Puts a value.</summary>
/// <param name="Hook"><inheritdoc cref="Intervention" path="/param"/></param>
/// <param name="Value">Broadcast to the values, for example [d_model].</param>
public sealed record Replacement(string Hook, TensorValue Value) : Intervention(Hook)
{
    private protected override Tensor Change(Tensor value, HookPoint point, RunPlace place) =>
        Value.ToTensor(value.dtype, value.device);

    private protected override void CheckValue(HookPoint point, HookedTransformer model) =>
        CarriedValue.Check(this, Value, point, model);
}
