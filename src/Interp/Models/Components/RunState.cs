using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

/// <summary>What all layers of one forward pass share.</summary>
internal sealed class RunState(HookedTransformer model, HookRun hooks, Positions positions, KeyValueCache? keyValues,
    Tensor? paddingMask, Tensor? customMask, long queries, long keys)
{
    internal HookRun Hooks { get; } = hooks;

    internal Positions Positions { get; } = positions;

    internal KeyValueCache? KeyValues { get; } = keyValues;

    /// <summary>The positions [1 or batch, pos, d_model] that a shortformer adds in every layer, else null.</summary>
    internal Tensor? PositionRows { get; set; }

    /// <summary>Where all keys stand [1 or batch, key], counted from the first real token of a sequence.</summary>
    internal Tensor KeyPositions()
    {
        if (paddingMask is null) return torch.arange(0, keys, 1, ScalarType.Int64, model.Device).unsqueeze(0);
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter((paddingMask.to(ScalarType.Int64).cumsum(1) - 1).clamp_min(0));
    }

    /// <summary>Which keys the queries may see in a layer.</summary>
    internal AttentionVisibility Visibility(int layer)
    {
        var config = model.Config;
        var causal = config.AttentionDir == AttentionDirection.Causal && config.AttentionMasks is null;
        Tensor? allowed = paddingMask?.unsqueeze(1).unsqueeze(1); // [batch, 1, 1, key]
        if (model.AttentionMask(layer) is { } own)
            allowed = And(allowed, own.narrow(0, keys - queries, queries).narrow(1, 0, keys));
        if (config.WindowOf(layer) is { } window && window < keys)
            allowed = And(allowed, torch.ones([queries, keys], ScalarType.Bool, model.Device).triu(keys - queries - window + 1));
        if (customMask is not null) allowed = And(allowed, customMask);
        return new AttentionVisibility(causal, allowed);
    }

    private static Tensor And(Tensor? a, Tensor b) => a is null ? b : a & b;
}
