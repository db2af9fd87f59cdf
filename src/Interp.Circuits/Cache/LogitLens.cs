using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>
/// What the model would predict if it stopped after each layer: logits_l = Unembed(LN_final(resid_l)) (nostalgebraist
/// 2020).
/// </summary>
/// <remarks>
/// <code>
/// var cache = model.CacheOnly(tokens, ["blocks.*.hook_resid_pre", "resid_post1"]);
/// var (logits, labels) = cache.Lens(pos: ^1);   // [layer, batch, vocabulary]; labels 0_pre, 1_pre, final_post
/// </code>
/// The last entry is the model's own prediction.
/// </remarks>
public static class LogitLens
{
    /// <summary>The logits of every accumulated stream.</summary>
    /// <param name="cache">Holds <c>resid_pre</c> of all layers and the last <c>resid_post</c>.</param>
    /// <param name="inclMid">Also between attention and MLP.</param>
    /// <param name="pos">Which positions; all of them with a large vocabulary take much memory.</param>
    /// <returns>[component, batch, pos, vocabulary], labelled <c>0_pre</c>, …, <c>final_post</c>.</returns>
    public static LabelledStack Lens(this ActivationCache cache, bool inclMid = false, Slice pos = default)
    {
        var model = CacheModel.Of(cache);
        using var scope = torch.NewDisposeScope();
        var (streams, labels) = cache.AccumulatedResid(inclMid: inclMid, applyLn: true, pos: pos);
        var logits = Unembed(model, streams);
        return new LabelledStack(scope.MoveToOuter(logits), labels);
    }

    /// <summary>Logits of streams [..., d_model] that are behind the final norm.</summary>
    internal static Tensor Unembed(HookedTransformer model, Tensor normalized)
    {
        using var scope = torch.NewDisposeScope();
        var logits = model.Weights.Unembed.Apply(normalized);
        if (model.Config.OutputLogitsSoftCap is { } cap) logits = (logits / cap).tanh() * cap;
        return scope.MoveToOuter(logits);
    }
}
