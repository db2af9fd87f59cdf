using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Hooks;

/// <summary>Gradients at hook points: set up in the forward pass, filled when <c>backward</c> comes by.</summary>
/// <param name="kept">The points whose gradients are kept.</param>
internal sealed class GradientTape(IEnumerable<HookPoint> kept)
{
    /// <summary>What stands behind a hook's name for its gradient, as in the classic model.</summary>
    internal const string Suffix = "_grad";

    private readonly Dictionary<HookPoint, Tensor?> gradients = kept.ToDictionary(point => point, _ => (Tensor?)null);

    /// <summary>Puts a value into the graph and listens for its gradient; the value to go on with.</summary>
    internal Tensor Watch(HookPoint point, Tensor value, RunPlan.PointPlan wanted)
    {
        if (!torch.is_grad_enabled())
            throw new HookException($"the gradient at '{point.Name}' is asked for, but gradients are off; run outside no_grad and inference mode");
        // Where nothing before it requires a gradient, the graph begins here.
        if (!value.requires_grad) value = value.detach().requires_grad_();
        return GradientHook.Attach(value, gradient => Pass(point, gradient, wanted));
    }

    /// <summary>Moves what was kept into a cache, under the hooks' names with <see cref="Suffix"/>.</summary>
    /// <exception cref="HookException">No gradient reached a point.</exception>
    internal void MoveTo(ActivationCache cache)
    {
        foreach (var point in gradients.Keys.OrderBy(point => point.Index))
        {
            if (gradients[point] is not { } gradient)
            {
                // Integers, such as the indices of experts, have no gradient.
                if (cache.TryGetValue(point.Name, out var value) && !value.dtype.IsFloatingPoint()) continue;
                throw new HookException($"no gradient reached '{point.Name}': the metric does not depend on it");
            }
            cache.Add(point.Name + Suffix, gradient.MoveToDisposeScope(torch.CurrentDisposeScope));
        }
        gradients.Clear();
    }

    /// <summary>Frees what was kept and not moved.</summary>
    internal void Discard()
    {
        foreach (var gradient in gradients.Values) gradient?.Dispose();
        gradients.Clear();
    }

    private Tensor? Pass(HookPoint point, Tensor gradient, RunPlan.PointPlan wanted)
    {
        Tensor? edited = null;
        if (wanted.GradientFunctions is not null)
        {
            edited = gradient.clone();
            foreach (var function in wanted.GradientFunctions)
            {
                var returned = function(edited, point);
                if (returned is null || ReferenceEquals(returned, edited)) continue;
                HookRun.Check(point, edited, returned);
                edited = returned;
            }
        }
        // Backward may run on a thread of its own, so that the tensor gets its scope later.
        if (wanted.KeepGradient && gradients.ContainsKey(point))
            gradients[point] = (edited ?? gradient).detach().clone().DetachFromDisposeScope();
        return edited;
    }
}
