using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Interventions;

/// <summary>Puts the value of another sequence of the batch, drawn at random (Chan et al. 2022, causal
/// scrubbing).</summary>
/// <param name="Hook"><inheritdoc cref="Intervention" path="/param"/></param>
/// <param name="Seed">Of the permutation of the batch; hooks with one seed are permuted alike.</param>
public sealed record ResampleAblation(string Hook, ulong Seed) : Intervention(Hook)
{
    private protected override Tensor Change(Tensor value, HookPoint point, RunPlace place)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(Seed);
        return scope.MoveToOuter(value.index_select(0, torch.randperm(value.size(0), generator: generator).to(value.device)));
    }
}
