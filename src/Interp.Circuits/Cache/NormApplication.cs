using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>What a norm makes of the parts of a residual stream, and of whole streams.</summary>
public static class NormApplication
{
    /// <summary>
    /// What every component of a stack contributes to what a layer reads behind its norm: the norm with the scale that
    /// the whole stream had in the run, so that the results add up to the layer's input (but for the norm's shift).
    /// </summary>
    /// <remarks>
    /// The norm's weight is applied too, where it was not folded into the weights that follow: without it a direction
    /// of these weights would read something else than the model does. TransformerLens leaves it out;
    /// <paramref name="applyWeight"/> false gives its numbers.
    /// </remarks>
    /// <param name="cache">Holds the scale, <c>hook_scale</c> of the norm.</param>
    /// <param name="stack">
    /// [component, batch, pos, d_model], with or without batch as the cache is, pos gone for one position.
    /// </param>
    /// <param name="layer">The layer that reads; null for the unembedding.</param>
    /// <param name="mlpInput">The layer's MLP reads, not its attention.</param>
    /// <param name="pos">The positions that the stack has; they are taken from the scale only.</param>
    /// <param name="batch">The sequences to take, from stack and scale.</param>
    /// <param name="recompute">
    /// The components are whole streams, each with a scale, and shift, of its own: a logit lens. False, the default, is
    /// for parts of one stream.
    /// </param>
    /// <param name="applyWeight">Multiply with the norm's weight, if it has one.</param>
    /// <returns>A new tensor; the stack itself where the model has no norms.</returns>
    public static Tensor ApplyLnToStack(this ActivationCache cache, Tensor stack, int? layer = null,
        bool mlpInput = false, Slice pos = default, Slice batch = default, bool recompute = false,
        bool applyWeight = true)
    {
        var model = CacheModel.Of(cache);
        var target = CacheModel.InputLayer(model.Config, layer, mlpInput);
        using var scope = torch.NewDisposeScope();
        var parts = cache.HasBatchDim ? batch.Apply(stack, 1) : stack.alias();
        var result = recompute
            ? Whole(model, parts, target, mlpInput, applyWeight)
            : FrozenNorm.Before(cache, target, mlpInput, batch, pos).Apply(parts, inPlace: false, applyWeight);
        return scope.MoveToOuter(result);
    }

    /// <inheritdoc cref="ApplyLnToStack(ActivationCache, Tensor, int?, bool, Slice, Slice, bool, bool)"/>
    public static LabelledStack ApplyLnToStack(this ActivationCache cache, LabelledStack stack, int? layer = null,
        bool mlpInput = false, Slice pos = default, Slice batch = default, bool recompute = false,
        bool applyWeight = true) =>
        stack with { Values = cache.ApplyLnToStack(stack.Values, layer, mlpInput, pos, batch, recompute, applyWeight) };

    /// <summary>
    /// Whole streams [..., d_model] through the norm that a layer's input, or the unembedding's, goes through.
    /// </summary>
    internal static Tensor Whole(HookedTransformer model, Tensor streams, int layer, bool mlpInput,
        bool applyWeight = true)
    {
        var config = model.Config;
        if (config.NormalizationType == NormalizationType.None) return streams;
        var weights = layer == config.NLayers ? model.Weights.LnFinal
            : mlpInput ? model.Weights.Blocks[layer].Ln2
            : model.Weights.Blocks[layer].Ln1;
        if (!applyWeight) weights = null;
        using var scope = torch.NewDisposeScope();
        if (config.NormalizationType is NormalizationType.LN or NormalizationType.LNPre)
            return scope.MoveToOuter(torch.nn.functional.layer_norm(streams, [config.DModel], weights?.Weight, weights?.Bias,
                config.Eps));
        var wide = streams.to(ScalarType.Float64 == streams.dtype ? ScalarType.Float64 : ScalarType.Float32);
        var normalized = (wide / (wide.square().mean([-1], true) + config.Eps).sqrt()).to(streams.dtype);
        if (weights?.Weight is not null) normalized = normalized * weights.Weight;
        if (weights?.Bias is not null) normalized = normalized + weights.Bias;
        return scope.MoveToOuter(normalized);
    }
}
