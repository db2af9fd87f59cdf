using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

/// <summary>LayerNorm or RMSNorm over the last dimension, with the points <c>hook_scale</c> and <c>hook_normalized</c>.</summary>
internal sealed class NormLayer
{
    private readonly NormalizationType type;
    private readonly double eps;
    private readonly NormWeights weights;
    private readonly HookPoint scalePoint;
    private readonly HookPoint normalizedPoint;

    /// <param name="registry">Where the points go.</param>
    /// <param name="name">The norm's name, for example <c>blocks.0.ln1</c>.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Scale and shift.</param>
    /// <param name="type">What it computes.</param>
    /// <param name="eps">Added under the root.</param>
    /// <param name="dimensions">The names of the value's dimensions.</param>
    internal NormLayer(HookRegistry registry, string name, int layer, NormWeights weights, NormalizationType type, double eps,
        params string[] dimensions)
    {
        this.type = type;
        this.eps = eps;
        this.weights = weights;
        scalePoint = registry.Add(name + ".hook_scale", [.. dimensions[..^1], "1"], layer);
        normalizedPoint = registry.Add(name + ".hook_normalized", dimensions, layer);
    }

    /// <summary>The points, scale first.</summary>
    internal (HookPoint Scale, HookPoint Normalized) Points => (scalePoint, normalizedPoint);

    /// <summary>The norm of a config, or null where it has none.</summary>
    internal static NormLayer? Create(HookRegistry registry, string name, int layer, NormWeights? weights, HookedTransformerConfig config) =>
        config.NormalizationType == NormalizationType.None
            ? null
            : new NormLayer(registry, name, layer, weights ?? new NormWeights(null, null), config.NormalizationType, config.Eps,
                "batch", "pos", "d_model");

    /// <summary>x [..., d] → the same shape.</summary>
    internal Tensor Forward(Tensor x, HookRun run)
    {
        using var scope = torch.NewDisposeScope();
        if (IsRms) return scope.MoveToOuter(Rms(x, run));
        var normalized = run.Edits(scalePoint) ? WithEditedScale(x, run) : Fused(x, run);
        return scope.MoveToOuter(run.Fire(normalizedPoint, normalized));
    }

    /// <summary>The norm without its points, for inputs split by head [batch, pos, head, d_model].</summary>
    internal Tensor ForwardUnhooked(Tensor x) => Fused(x, null);

    private bool IsRms => type is NormalizationType.RMS or NormalizationType.RMSPre;

    /// <summary>In the classic model RMSNorm shows what stands before its weight, LayerNorm what stands behind.</summary>
    private Tensor Rms(Tensor x, HookRun run)
    {
        var (same, scale) = CentredAndScale(x);
        var normalized = same / run.Fire(scalePoint, scale);
        if (normalized.dtype != x.dtype) normalized = normalized.to(x.dtype);
        return Affine(run.Fire(normalizedPoint, normalized), x.dtype);
    }

    /// <summary>One kernel where there is one; the scale is derived from it only when somebody asks.</summary>
    private Tensor Fused(Tensor x, HookRun? run)
    {
        if (!IsHalf(x) && !IsRms)
        {
            var (y, _, rstd) = Functional.LayerNorm(x, [x.size(-1)], weights.Weight, weights.Bias, eps);
            if (run?.Wants(scalePoint) == true) run.Fire(scalePoint, rstd.reciprocal());
            return y;
        }
        var (centred, scale) = CentredAndScale(x);
        if (run is not null) scale = run.Fire(scalePoint, scale);
        return Affine(centred / scale, x.dtype);
    }

    private Tensor WithEditedScale(Tensor x, HookRun run)
    {
        var (centred, scale) = CentredAndScale(x);
        return Affine(centred / run.Fire(scalePoint, scale), x.dtype);
    }

    /// <summary>x − mean (x itself for RMS) and √(mean square + eps), in single precision at least.</summary>
    private (Tensor Centred, Tensor Scale) CentredAndScale(Tensor x)
    {
        if (IsHalf(x)) x = x.to(ScalarType.Float32);
        if (!IsRms) x = x - x.mean([-1], true);
        return (x, (x.square().mean([-1], true) + eps).sqrt());
    }

    private Tensor Affine(Tensor x, ScalarType dtype)
    {
        if (x.dtype != dtype) x = x.to(dtype);
        if (weights.Weight is not null) x = x * weights.Weight;
        return weights.Bias is null ? x : x + weights.Bias;
    }

    private static bool IsHalf(Tensor x) => x.dtype is ScalarType.Float16 or ScalarType.BFloat16;
}
