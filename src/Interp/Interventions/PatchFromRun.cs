using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Interventions;

/// <summary>Puts what another run had there: the same part of its value.</summary>
/// <remarks>
/// <code>
/// var cache = model.CacheOnly(clean, ["blocks.3.attn.hook_z"]);
/// var patch = PatchFromRun.Of(cache, "blocks.3.attn.hook_z") with { Scope = new() { Heads = [1] } };
/// var logits = model.RunWith(corrupted, patch);
/// </code>
/// For sweeps over many places use <c>ActivationPatching</c>, which is an order of magnitude faster.
/// </remarks>
/// <param name="Hook">A hook's full name; no pattern.</param>
/// <param name="Value">Its value in the other run, of the shape that it has in the run that is changed.</param>
public sealed record PatchFromRun(string Hook, TensorValue Value) : Intervention(Hook)
{
    /// <summary>The patch of a cached value.</summary>
    /// <exception cref="HookException">It was not cached.</exception>
    public static PatchFromRun Of(ActivationCache cache, string hook) =>
        new(ActNames.Get(hook), TensorValue.From(cache[hook]));

    private protected override Tensor Change(Tensor value, HookPoint point, RunPlace place)
    {
        using var scope = torch.NewDisposeScope();
        var other = Value.ToTensor(value.dtype, value.device);
        // With a key–value cache a step has the new tokens only; what the other run does not reach stays.
        var dimension = point.Dimensions.ToList().FindIndex(name => name is "pos" or "query");
        if (place.First > 0 && dimension >= 0)
        {
            if (place.First + value.size(dimension) > other.size(dimension)) return value.alias();
            other = other.narrow(dimension, place.First, value.size(dimension));
        }
        if (!other.shape.AsSpan().SequenceEqual(value.shape))
            throw new HookException(
                $"{this}: the other run's value is [{string.Join(", ", other.shape)}], this run's [{string.Join(", ", value.shape)}]");
        return scope.MoveToOuter(other);
    }

    private protected override void CheckValue(HookPoint point, HookedTransformer model)
    {
        Value.Check();
        if (Hook.Contains('*')) throw new ArgumentException($"{this}: one value cannot be patched into a pattern of hooks; make one patch a hook");
        if (Value.Shape.Length != point.Dimensions.Count)
            throw new ArgumentException(
                $"{this}: the value is [{string.Join(", ", Value.Shape)}]; '{point.Name}' is [{string.Join(", ", point.Dimensions)}]");
    }
}
