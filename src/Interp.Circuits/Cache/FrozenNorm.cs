using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>
/// A norm with the scale of one run held fixed: then it is linear, and what it does to a sum it does to every part.
/// </summary>
/// <remarks>
/// With σ the cached scale, the norm of x = Σ parts is (x − mean x) / σ ∘ w + b = Σ (part − mean part) / σ ∘ w + b;
/// RMSNorm takes no mean off. The shift b belongs to no part.
/// </remarks>
internal sealed class FrozenNorm
{
    private readonly NormWeights? weights;
    private readonly bool centres;
    private readonly Tensor? scale;

    private FrozenNorm(NormWeights? weights, bool centres, Tensor? scale)
    {
        this.weights = weights;
        this.centres = centres;
        this.scale = scale;
    }

    /// <summary>The norm before a layer's attention or MLP, or before the unembedding.</summary>
    /// <param name="cache">Holds the scale, or the stream that it is the scale of.</param>
    /// <param name="layer">The layer; the number of layers for the unembedding.</param>
    /// <param name="mlpInput">The MLP's norm.</param>
    /// <param name="batch">Which sequences.</param>
    /// <param name="pos">Which positions.</param>
    internal static FrozenNorm Before(ActivationCache cache, int layer, bool mlpInput, Slice batch, Slice pos)
    {
        var model = CacheModel.Of(cache);
        if (layer == model.Config.NLayers)
            return Create(cache, model.Weights.LnFinal, "ln_final", batch, pos, $"blocks.{layer - 1}.hook_resid_post");
        var (block, prefix) = (model.Weights.Blocks[layer], $"blocks.{layer}.");
        return mlpInput
            ? Create(cache, block.Ln2, prefix + "ln2", batch, pos,
                prefix + (model.Config.ParallelAttnMlp ? "hook_resid_pre" : "hook_resid_mid"))
            : Create(cache, block.Ln1, prefix + "ln1", batch, pos, prefix + "hook_resid_pre");
    }

    /// <summary>The norm behind a layer's attention or MLP (Gemma 2); null where the model has none there.</summary>
    internal static FrozenNorm? Behind(ActivationCache cache, int layer, bool mlp, Slice pos)
    {
        var model = CacheModel.Of(cache);
        if (!model.Config.UseNormalizationBeforeAndAfter || model.Config.NormalizationType == NormalizationType.None)
            return null;
        var block = model.Weights.Blocks[layer];
        return Create(cache, mlp ? block.Ln2Post : block.Ln1Post, $"blocks.{layer}.{(mlp ? "ln2" : "ln1")}_post",
            Slice.All, pos);
    }

    /// <summary>Parts [..., batch, pos, d_model] as the norm passes them on.</summary>
    /// <param name="parts">Any number of leading dimensions.</param>
    /// <param name="inPlace">Write into the parts, which are as large as memory allows.</param>
    /// <param name="applyWeight">Multiply with w too, where the norm has one.</param>
    internal Tensor Apply(Tensor parts, bool inPlace, bool applyWeight = true)
    {
        if (scale is null) return parts;
        using var scope = torch.NewDisposeScope();
        var divisor = scale.to(parts.dtype);
        var x = inPlace ? parts.div_(divisor) : parts / divisor; // as large as both together: a part may be one vector
        if (centres) x.sub_(x.mean([-1], true));
        if (applyWeight && weights?.Weight is not null) x.mul_(weights.Weight.to(x.dtype));
        return ReferenceEquals(x, parts) ? x : scope.MoveToOuter(x);
    }

    /// <summary>
    /// Directions [..., d_model] behind the norm as directions before it, but for the scale: part · result / σ is what
    /// the norm's output of the part has along the direction.
    /// </summary>
    internal Tensor PullBack(Tensor directions, bool applyWeight = true)
    {
        if (scale is null) return directions;
        using var scope = torch.NewDisposeScope();
        var d = applyWeight && weights?.Weight is not null ? directions * weights.Weight : directions.alias();
        if (centres) d = d - d.mean([-1], true);
        return scope.MoveToOuter(d);
    }

    /// <summary>Divides numbers along directions, [..., batch, pos, k], by the scale.</summary>
    internal Tensor DivideByScale(Tensor along, bool inPlace)
    {
        if (scale is null) return along;
        using var scope = torch.NewDisposeScope();
        var divisor = scale.to(along.dtype);
        return inPlace ? along.div_(divisor) : scope.MoveToOuter(along / divisor);
    }

    /// <summary>The shift b [d_model], or null.</summary>
    internal Tensor? Shift => scale is null ? null : weights?.Bias;

    private static FrozenNorm Create(ActivationCache cache, NormWeights? weights, string name, Slice batch, Slice pos,
        string? input = null)
    {
        var config = CacheModel.Of(cache).Config;
        var type = config.NormalizationType;
        if (type == NormalizationType.None) return new FrozenNorm(null, false, null);
        var centres = type is NormalizationType.LN or NormalizationType.LNPre;
        var cached = name + ".hook_scale";
        // The stream itself gives the scale too, where nobody kept it.
        var scale = input is not null && !cache.Holds(cached) && cache.Holds(input)
            ? ScaleOf(pos.Apply(cache[input], -2), centres, config.Eps)
            : pos.Apply(cache[cached], -2); // [batch, pos, 1]
        if (cache.HasBatchDim) scale = batch.Apply(scale, 0);
        return new FrozenNorm(weights, centres, scale);
    }

    private static Tensor ScaleOf(Tensor stream, bool centres, double eps)
    {
        var wide = stream.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? stream.to(ScalarType.Float32) : stream;
        if (centres) wide = wide - wide.mean([-1], true);
        return (wide.square().mean([-1], true) + eps).sqrt();
    }
}
