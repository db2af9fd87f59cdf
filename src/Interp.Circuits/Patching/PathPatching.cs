using Interp.Circuits.Metrics;
using Interp.Circuits.Patching.Engine;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Patching;

/// <summary>Patches only the direct path from a sender to receivers: what one component says to another, with nothing
/// between.</summary>
/// <remarks>
/// Problem: patching a head shows its whole effect, through every later component. Idea (path patching: Wang et al.
/// 2022, appendix; Goldowsky-Dill et al. 2023): what a sender writes reaches a receiver directly through the residual
/// stream,
/// <code>
/// receiver's input = its input in the unpatched run + (sender's output in the source − in the unpatched run)
/// </code>
/// because everything between is kept as it was; the receiver's new value then goes into an otherwise unpatched run,
/// where everything behind it is computed again. Here all components between are kept, MLPs too (the original kept
/// only heads).
/// <code>
/// var senders = PathPatching.Heads(model);
/// PatchSite[] receivers = [new("blocks.1.attn.hook_k") { Head = 4 }];   // K-composition with head 1.4
/// var result = PathPatching.Run(model, corrupted, PatchSource.Run(clean), senders, receivers, metric);
/// </code>
/// Senders: <c>attn.hook_z</c> of a head (all heads without one), <c>hook_attn_out</c>, <c>hook_mlp_out</c>, at all
/// positions or one. Receivers: <c>attn.hook_q</c>, <c>hook_k</c>, <c>hook_v</c> of a head, <c>hook_mlp_in</c>, and
/// <c>hook_resid_post</c> of the last layer for the logits. A sender that is not before any receiver has no path: its
/// value is the baseline.
/// </remarks>
public static class PathPatching
{
    /// <summary>Every head of a model as a sender, by layer and head.</summary>
    public static IReadOnlyList<PatchSite> Heads(HookedTransformer model) =>
        [.. from layer in Enumerable.Range(0, model.Config.NLayers) from head in Enumerable.Range(0,
            model.Config.NHeads)
            select new PatchSite($"blocks.{layer}.attn.hook_z") { Head = head }];

    /// <summary>The direct path to the logits, as a receiver.</summary>
    public static PatchSite Logits(HookedTransformer model) =>
        new($"blocks.{model.Config.NLayers - 1}.hook_resid_post");

    /// <summary>Patches the paths from each sender to all receivers together.</summary>
    /// <param name="model">The model; its attention and MLP must write into the stream without a norm behind
    /// them.</param>
    /// <param name="tokens">The run that is patched [batch, pos].</param>
    /// <param name="source">Where the senders' outputs come from.</param>
    /// <param name="senders">One result each.</param>
    /// <param name="receivers">Where the paths end.</param>
    /// <param name="metric">What is measured.</param>
    /// <param name="options">Memory, padding, progress.</param>
    /// <param name="axes">The dimensions of the senders; one where null.</param>
    /// <exception cref="ArgumentException">A hook cannot send or receive, or the model's writes are normed.</exception>
    public static SweepResult Run(HookedTransformer model, Tensor tokens, PatchSource source,
        IReadOnlyList<PatchSite> senders,
        IReadOnlyList<PatchSite> receivers, LogitMetric metric, SweepOptions? options = null,
            IReadOnlyList<SweepAxis>? axes = null)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        options ??= SweepOptions.Default;
        tokens = InputChecks.Tokens(tokens, model);
        using var engine = new SweepEngine(model, tokens, metric, options.PaddingMask);
        var run = new PathRun(model, tokens, source, senders, receivers, engine, options);
        axes ??= [new SweepAxis("sender", [.. senders.Select(sender => sender.ToString())])];
        var (values, cost) = run.Run();
        return new SweepResult("path patching", axes, values, senders, engine.Baseline, run.SourceMetric, cost);
    }
}
