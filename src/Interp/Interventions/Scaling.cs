using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Interventions;

/// <summary>Multiplies by a number.</summary>
/// <param name="Hook"><inheritdoc cref="Intervention" path="/param"/></param>
/// <param name="Factor">The number.</param>
public sealed record Scaling(string Hook, double Factor) : Intervention(Hook)
{
    private protected override Tensor Change(Tensor value, HookPoint point, RunPlace place) => value * Factor;

    private protected override void CheckValue(HookPoint point, HookedTransformer model)
    {
        if (!double.IsFinite(Factor)) throw new ArgumentException($"{this}: the factor is {Factor}; it must be a finite number");
    }
}
