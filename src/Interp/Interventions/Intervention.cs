using System.Text.Json.Serialization;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Interventions;

/// <summary>A change of a run, as a value: what is done to which part of which hooks.</summary>
/// <remarks>
/// Problem: a hook written as a function cannot be looked at, stored, or checked before it runs. Idea: the changes that
/// circuit analysis makes are few; each is a record, so it can be combined, compared, written to JSON and read back,
/// and is checked against the model before anything is computed.
/// <code>
/// Intervention[] changes =
/// [
///     new ZeroAblation("blocks.*.attn.hook_z") { Scope = new() { Layers = [1], Heads = [3, 5] } },
///     new Steering("blocks.2.hook_resid_post", TensorValue.From(direction), 4) { Scope = new() { Positions = [-1] } },
/// ];
/// var logits = model.RunWith(tokens, changes);
/// File.WriteAllText("changes.json", changes.ToJson());
/// </code>
/// Several changes of one hook are made in their order.
/// </remarks>
/// <param name="Hook">A hook's full name, or a pattern with <c>*</c>.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind",
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ZeroAblation), "ablate_zero")]
[JsonDerivedType(typeof(MeanAblation), "ablate_mean")]
[JsonDerivedType(typeof(ResampleAblation), "ablate_resample")]
[JsonDerivedType(typeof(Replacement), "replace")]
[JsonDerivedType(typeof(Addition), "add")]
[JsonDerivedType(typeof(Scaling), "scale")]
[JsonDerivedType(typeof(Steering), "steer")]
[JsonDerivedType(typeof(ProjectingOut), "project_out")]
[JsonDerivedType(typeof(PatchFromRun), "patch")]
public abstract record Intervention(string Hook)
{
    /// <summary>Which part of the values is changed; everything by default.</summary>
    public InterventionScope Scope { get; init; } = InterventionScope.Everything;

    /// <summary>Checks the change against a model.</summary>
    /// <exception cref="HookException">No hook has the name.</exception>
    /// <exception cref="ArgumentException">The scope, or a stored value, does not fit the hook.</exception>
    public void Check(HookedTransformer model)
    {
        var points = Points(model);
        if (points.Count == 0)
            throw new ArgumentException($"{this}: no hook of '{Hook}' is in layers {string.Join(", ", Scope.Layers ?? [])}; the model has layers 0 to {model.Config.NLayers - 1}");
        foreach (var point in points)
        {
            Scope.Check(point, model, ToString());
            CheckValue(point, model);
        }
    }

    /// <summary>The hook that makes the change.</summary>
    internal Hook ToHook(RunPlace place) => (Hook, (value, point) =>
    {
        if (Scope.Layers is { } layers && !layers.Contains(point.Layer)) return null;
        if (Scope.Steps is { } steps && !steps.Contains(place.Step)) return null;
        using var scope = torch.NewDisposeScope();
        var changed = Change(value, point, place);
        var mask = Scope.Mask(value, point, place);
        return scope.MoveToOuter(mask is null ? changed.expand_as(value) : torch.where(mask, changed, value));
    }
    );

    /// <summary>The points of the name or pattern in the layers of the scope.</summary>
    internal IReadOnlyList<HookPoint> Points(HookedTransformer model) =>
        [.. model.Hooks.Match(Hook.Contains('*') ? Hook : ActNames.Get(Hook))
            .Where(point => Scope.Layers?.Contains(point.Layer) ?? true)];

    /// <summary>The whole value as it would be without a scope; must broadcast to the value.</summary>
    private protected abstract Tensor Change(Tensor value, HookPoint point, RunPlace place);

    /// <summary>Checks what the change carries with it.</summary>
    private protected virtual void CheckValue(HookPoint point, HookedTransformer model)
    {
    }

    /// <inheritdoc/>
    public sealed override string ToString() => $"{GetType().Name} of '{Hook}'";
}
