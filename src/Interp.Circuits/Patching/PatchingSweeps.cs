using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Patching;

/// <summary>
/// The named sweeps, for whatever measures sites: exactly (<see cref="ActivationPatching"/>) or by gradients
/// (<see cref="Attribution.AttributionPatching"/>). Each says which TransformerLens function has the same numbers.
/// </summary>
public abstract class PatchingSweeps
{
    private readonly HookedTransformer model;

    private protected PatchingSweeps(HookedTransformer model) => this.model = model;

    /// <summary>Positions of a sequence.</summary>
    public abstract int Length { get; }

    /// <summary>The run that is patched [batch, pos].</summary>
    private protected abstract Tensor Tokens { get; }

    private int Layers => model.Config.NLayers;

    /// <summary>Patches each of a list of sites.</summary>
    /// <param name="sites">Any hooks whose values have a batch dimension.</param>
    /// <param name="name">What the result is called.</param>
    /// <param name="axes">The dimensions of the list; one of its length where null.</param>
    /// <exception cref="Hooks.HookException">A hook does not exist.</exception>
    /// <exception cref="ArgumentException">A site is outside its hook's value, or the axes do not multiply to the sites.</exception>
    public abstract SweepResult Run(IReadOnlyList<PatchSite> sites, string name = "sites", IReadOnlyList<SweepAxis>? axes = null);

    /// <summary>The stream at the entrance of every block: [layer, pos] (<c>get_act_patch_resid_pre</c>).</summary>
    public SweepResult ResidPre() => ByPosition("resid_pre", "hook_resid_pre");

    /// <summary>The stream between attention and MLP: [layer, pos] (<c>get_act_patch_resid_mid</c>).</summary>
    public SweepResult ResidMid() => ByPosition("resid_mid", "hook_resid_mid");

    /// <summary>The stream at the exit of every block: [layer, pos].</summary>
    public SweepResult ResidPost() => ByPosition("resid_post", "hook_resid_post");

    /// <summary>What attention writes: [layer, pos] (<c>get_act_patch_attn_out</c>).</summary>
    public SweepResult AttentionOutput() => ByPosition("attn_out", "hook_attn_out");

    /// <summary>What the MLP writes: [layer, pos] (<c>get_act_patch_mlp_out</c>).</summary>
    public SweepResult MlpOutput() => ByPosition("mlp_out", "hook_mlp_out");

    /// <summary>z of every head: [layer, pos, head] (<c>get_act_patch_attn_head_out_by_pos</c>).</summary>
    public SweepResult HeadOutputByPosition() => ByPositionAndHead("head_out", "attn.hook_z", model.Config.NHeads);

    /// <summary>Queries: [layer, pos, head] (<c>get_act_patch_attn_head_q_by_pos</c>).</summary>
    public SweepResult QueryByPosition() => ByPositionAndHead("q", "attn.hook_q", model.Config.NHeads);

    /// <summary>Keys: [layer, pos, key–value head] (<c>get_act_patch_attn_head_k_by_pos</c>).</summary>
    public SweepResult KeyByPosition() => ByPositionAndHead("k", "attn.hook_k", model.Config.KeyValueHeads);

    /// <summary>Values: [layer, pos, key–value head] (<c>get_act_patch_attn_head_v_by_pos</c>).</summary>
    public SweepResult ValueByPosition() => ByPositionAndHead("v", "attn.hook_v", model.Config.KeyValueHeads);

    /// <summary>The pattern of one query: [layer, head, query]
    /// (<c>get_act_patch_attn_head_pattern_by_pos</c>).</summary>
    public SweepResult PatternByQuery() => Run(
        [.. from layer in AllLayers from head in Heads() from query in Places
            select Site(layer, "attn.hook_pattern") with { Head = head, Position = query }],
        "pattern by query", [LayerAxis, HeadAxis(), PositionAxis("query")]);

    /// <summary>
    /// One entry of the pattern: [layer, head, query, key] (<c>get_act_patch_attn_head_pattern_dest_src_pos</c>). The
    /// rest of the row stays, so rows need not sum to 1, as in the classic function.
    /// </summary>
    public SweepResult PatternByQueryAndKey() => Run(
        [.. from layer in AllLayers from head in Heads() from query in Places from key in Places
            select Site(layer, "attn.hook_pattern") with { Head = head, Position = query, SourcePosition = key }],
        "pattern by query and key", [LayerAxis, HeadAxis(), PositionAxis("query"), PositionAxis("key")]);

    /// <summary>z of every head at all positions: [layer, head] (<c>get_act_patch_attn_head_out_all_pos</c>).</summary>
    public SweepResult HeadOutputAllPositions() => ByHead("head_out", "attn.hook_z", model.Config.NHeads);

    /// <summary>Queries at all positions: [layer, head] (<c>get_act_patch_attn_head_q_all_pos</c>).</summary>
    public SweepResult QueryAllPositions() => ByHead("q", "attn.hook_q", model.Config.NHeads);

    /// <summary>Keys at all positions: [layer, key–value head] (<c>get_act_patch_attn_head_k_all_pos</c>).</summary>
    public SweepResult KeyAllPositions() => ByHead("k", "attn.hook_k", model.Config.KeyValueHeads);

    /// <summary>Values at all positions: [layer, key–value head] (<c>get_act_patch_attn_head_v_all_pos</c>).</summary>
    public SweepResult ValueAllPositions() => ByHead("v", "attn.hook_v", model.Config.KeyValueHeads);

    /// <summary>Whole patterns: [layer, head] (<c>get_act_patch_attn_head_pattern_all_pos</c>).</summary>
    public SweepResult PatternAllPositions() => ByHead("pattern", "attn.hook_pattern", model.Config.NHeads);

    /// <summary>
    /// Output, query, key, value and pattern of every head at all positions
    /// (<c>get_act_patch_attn_head_all_pos_every</c>, stacked there in this order).
    /// </summary>
    public IReadOnlyList<SweepResult> EveryHeadAllPositions() =>
        [HeadOutputAllPositions(), QueryAllPositions(), KeyAllPositions(), ValueAllPositions(), PatternAllPositions()];

    /// <summary>
    /// Output, query, key, value by position and pattern by query (<c>get_act_patch_attn_head_by_pos_every</c>; the
    /// pattern's axes are [layer, head, query] here and turned there).
    /// </summary>
    public IReadOnlyList<SweepResult> EveryHeadByPosition() =>
        [HeadOutputByPosition(), QueryByPosition(), KeyByPosition(), ValueByPosition(), PatternByQuery()];

    /// <summary>Entrance, attention's output and MLP's output of every block
    /// (<c>get_act_patch_block_every</c>).</summary>
    public IReadOnlyList<SweepResult> EveryBlock() => model.Config.AttnOnly
        ? [ResidPre(), AttentionOutput()]
        : [ResidPre(), AttentionOutput(), MlpOutput()];

    private SweepAxis LayerAxis => SweepAxis.Numbered("layer", Layers);

    private IEnumerable<int> AllLayers => Enumerable.Range(0, Layers);

    private IEnumerable<int> Places => Enumerable.Range(0, Length);

    private IEnumerable<int> Heads() => Enumerable.Range(0, model.Config.NHeads);

    private static PatchSite Site(int layer, string hook) => new($"blocks.{layer}.{hook}");

    private SweepAxis HeadAxis() => SweepAxis.Numbered("head", model.Config.NHeads);

    /// <summary>Positions are labelled by the first sequence's tokens where there is a tokenizer.</summary>
    private SweepAxis PositionAxis(string name = "pos")
    {
        if (model.Tokenizer is not { } tokenizer) return SweepAxis.Numbered(name, Length);
        using var first = Tokens.select(0, 0);
        return new SweepAxis(name, [.. first.ToArray<long>().Select((id, at) => $"{tokenizer.TokenText(id)} {at}")]);
    }

    /// <summary>The axes of a list of sites: those given, checked, or one.</summary>
    private protected static IReadOnlyList<SweepAxis> Axes(
        string name, IReadOnlyList<SweepAxis>? axes, IReadOnlyList<PatchSite> sites)
    {
        axes ??= [new SweepAxis("site", [.. sites.Select(site => site.ToString())])];
        return axes.Aggregate(1L, (product, axis) => product * axis.Labels.Count) == sites.Count
            ? axes
            : throw new ArgumentException(
                $"{name}: axes {string.Join(" × ", axes.Select(a => a.Labels.Count))} do not make {sites.Count} sites");
    }

    private SweepResult ByPosition(string name, string hook) => Run(
        [.. from layer in AllLayers from position in Places select Site(layer, hook) with { Position = position }],
        name, [LayerAxis, PositionAxis()]);

    private SweepResult ByPositionAndHead(string name, string hook, int heads) => Run(
        [.. from layer in AllLayers from position in Places from head in Enumerable.Range(0, heads)
            select Site(layer, hook) with { Position = position, Head = head }],
        name + " by position", [LayerAxis, PositionAxis(), SweepAxis.Numbered("head", heads)]);

    private SweepResult ByHead(string name, string hook, int heads) => Run(
        [.. from layer in AllLayers from head in Enumerable.Range(0, heads) select Site(layer,
            hook) with { Head = head }],
        name + " at all positions", [LayerAxis, SweepAxis.Numbered("head", heads)]);
}
