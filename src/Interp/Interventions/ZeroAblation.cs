using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Interventions;

/// <summary>Puts zeros.</summary>
/// <param name="Hook"><inheritdoc cref="Intervention" path="/param"/></param>
public sealed record ZeroAblation(string Hook) : Intervention(Hook)
{
    private protected override Tensor Change(Tensor value, HookPoint point, RunPlace place) => torch.zeros_like(value);
}
