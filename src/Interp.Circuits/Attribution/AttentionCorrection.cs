using Interp.Circuits.Patching.Engine;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using ModelPositions = Interp.Models.Components.Positions;

namespace Interp.Circuits.Attribution;

/// <summary>
/// The effects of patched queries and keys of a layer: the pattern is computed with them, and only what comes behind it
/// is taken to be linear (Kramár et al. 2024, section 3.1).
/// </summary>
/// <remarks>
/// For one key t the score s_t of a query becomes s'_t; with p the pattern, g = ∂m/∂p and w = exp(s'_t − log Σ_j exp
/// s_j):
/// <code>
/// effect = (Σ_{j≠t} p_j g_j + w g_t) / (Σ_{j≠t} p_j + w) − Σ_j p_j g_j
/// </code>
/// The sums without t are added up from both sides, not subtracted: where a softmax is sure, hardly anything is left.
/// </remarks>
internal sealed class AttentionCorrection
{
    private const double LargestExponent = 600;

    private readonly HookedTransformer model;
    private readonly int layer;
    private readonly Tensor? padding;
    private readonly Tensor pattern;
    private readonly Tensor gradient;
    private readonly Tensor scores;
    private readonly ActivationCache own;
    private readonly ActivationCache other;
    private readonly Dictionary<(PatchKind, bool), Tensor> effects = [];
    private readonly DisposeScope? owner = torch.CurrentDisposeScope;

    internal AttentionCorrection(HookedTransformer model, int layer, ActivationCache own, ActivationCache other,
        Tensor? padding)
    {
        (this.model, this.layer, this.own, this.other, this.padding) = (model, layer, own, other, padding);
        scores = own[$"blocks.{layer}.attn.hook_attn_scores"].to(ScalarType.Float64); // [batch, head, query, key]
        pattern = Softmax(scores);
        gradient = own[$"blocks.{layer}.attn.hook_pattern_grad"].to(ScalarType.Float64);
    }

    /// <summary>The estimated change of the metric, summed over the batch.</summary>
    internal double Effect(SiteCheck site)
    {
        using var scope = torch.NewDisposeScope();
        var kind = site.Kind!.Value;
        var onePosition = site.Positions.Length == 1;
        var effect = Of(kind, onePosition || kind == PatchKind.Query); // [head, pos], keys together: [head, 1]
        if (site.Head >= 0)
        {
            var group = kind == PatchKind.Key ? model.Config.NHeads / model.Config.KeyValueHeads : 1;
            effect = effect.narrow(0, site.Head * group, group);
        }
        return (onePosition ? effect.select(1, site.Positions[0]) : effect).sum().ToDouble();
    }

    private Tensor Of(PatchKind kind, bool single)
    {
        if (effects.TryGetValue((kind, single), out var effect)) return effect;
        using var scope = torch.NewDisposeScope();
        var patched = Scores(kind);
        if (kind == PatchKind.Query) effect = Recomputed(patched).sum([0, 3], false);
        else effect = single ? OfEachKey(patched).sum([0, 2], false)
            : Recomputed(patched).sum([0, 2, 3], false).unsqueeze(1);
        return effects[(kind, single)] = effect.MoveToDisposeScope(owner);
    }

    /// <summary>The change of every entry of the pattern, times its gradient, when all patched scores come
    /// together.</summary>
    private Tensor Recomputed(Tensor patched) => (Softmax(patched) - pattern) * gradient;

    /// <summary>For every query and key: what patching this key alone does [batch, head, query, key].</summary>
    private Tensor OfEachKey(Tensor patched)
    {
        var weight = (patched - scores.logsumexp(-1, true)).clamp_max(LargestExponent).exp();
        var products = pattern * gradient;
        var after = (Others(products) + weight * gradient) / (Others(pattern) + weight);
        // A query that may look nowhere has nothing to divide by.
        return (after - products.sum([-1], true)).nan_to_num(0);
    }

    /// <summary>For every key the sum over all other keys.</summary>
    private static Tensor Others(Tensor values)
    {
        var none = torch.zeros_like(values.narrow(-1, 0, 1));
        Tensor Before(Tensor x) => torch.cat([none, x.cumsum(-1).narrow(-1, 0, x.size(-1) - 1)], -1);
        return Before(values) + Before(values.flip(-1)).flip(-1);
    }

    /// <summary>The scores with the source's queries or keys in place of the run's own.</summary>
    private Tensor Scores(PatchKind kind)
    {
        Tensor Value(string hook, PatchKind patched) => (kind == patched ? other : own)[$"blocks.{layer}.attn.{hook}"];
        var (q, k, v) =
            (Value("hook_q", PatchKind.Query), Value("hook_k", PatchKind.Key), own[$"blocks.{layer}.attn.hook_v"]);
        using var positions = ModelPositions.Create(0, q.size(1), padding);
        string[] name = [$"blocks.{layer}.attn.hook_attn_scores"];
        var run = new HookRun(RunPlan.Create(model.Hooks, [], name), model.Config.NLayers);
        var attention = model.BlockAt(layer).Attention;
        (q, k) = attention.Turn(q, k, positions);
        attention.MixRows(q, k, v, model.State(run, positions, padding, q.size(1)));
        return run.Cache![name[0]].to(ScalarType.Float64);
    }

    /// <summary>A query that may look nowhere has a pattern of zeros.</summary>
    private static Tensor Softmax(Tensor scores) => scores.softmax(-1).nan_to_num(0);
}
