using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

/// <summary>
/// resid_mid = resid_pre + attn(ln1(resid_pre)); resid_post = resid_mid + mlp(ln2(resid_mid)). In a parallel block the
/// MLP reads resid_pre too; an attention-only block has no second half.
/// </summary>
internal sealed partial class TransformerBlock
{
    private readonly HookedTransformerConfig config;
    private readonly HookPoint residPre;
    private readonly HookPoint? attnIn;
    private readonly HookPoint? queryInput;
    private readonly HookPoint? keyInput;
    private readonly HookPoint? valueInput;
    private readonly NormLayer? ln1;
    private readonly NormLayer? ln1Post;
    private readonly HookPoint attnOut;
    private readonly HookPoint? residMid;
    private readonly HookPoint? mlpIn;
    private readonly NormLayer? ln2;
    private readonly MlpLayer? mlp;
    private readonly MoeLayer? moe;
    private readonly NormLayer? ln2Post;
    private readonly HookPoint? mlpOut;
    private readonly HookPoint residPost;

    internal TransformerBlock(HookRegistry registry, int layer, BlockWeights weights, HookedTransformerConfig config, RotaryEmbedding? rotary)
    {
        this.config = config;
        string[] stream = ["batch", "pos", "d_model"], byHead = ["batch", "pos", "head", "d_model"];
        HookPoint Add(string name, string[] dimensions, bool onDemand = false) =>
            registry.Add($"blocks.{layer}.{name}", dimensions, layer, onDemand);
        residPre = Add("hook_resid_pre", stream);
        // With grouped queries there is no one number of heads to split the stream into; a shortformer reads two streams.
        if (config.KeyValueHeads == config.NHeads && config.PositionalEmbeddingType != PositionalEmbeddingType.Shortformer)
            attnIn = Add("hook_attn_in", byHead, onDemand: true);
        queryInput = keyInput = valueInput = attnIn;
        if (config.PositionalEmbeddingType != PositionalEmbeddingType.Shortformer)
        {
            queryInput = Add("hook_q_input", byHead, onDemand: true);
            keyInput = Add("hook_k_input", ["batch", "pos", "kv_head", "d_model"], onDemand: true);
            valueInput = Add("hook_v_input", ["batch", "pos", "kv_head", "d_model"], onDemand: true);
        }
        ln1 = NormLayer.Create(registry, $"blocks.{layer}.ln1", layer, weights.Ln1, config);
        Attention = new AttentionLayer(registry, layer, weights, config, rotary);
        if (config.UseNormalizationBeforeAndAfter)
            ln1Post = NormLayer.Create(registry, $"blocks.{layer}.ln1_post", layer, weights.Ln1Post, config);
        attnOut = Add("hook_attn_out", stream);
        if (!config.AttnOnly)
        {
            if (!config.ParallelAttnMlp) residMid = Add("hook_resid_mid", stream);
            mlpIn = Add("hook_mlp_in", stream, onDemand: true);
            ln2 = NormLayer.Create(registry, $"blocks.{layer}.ln2", layer, weights.Ln2, config);
            if (weights.Moe is not null) moe = new MoeLayer(registry, layer, weights.Moe, config);
            else mlp = new MlpLayer(registry, layer, weights.Mlp!, config);
            if (config.UseNormalizationBeforeAndAfter)
                ln2Post = NormLayer.Create(registry, $"blocks.{layer}.ln2_post", layer, weights.Ln2Post, config);
            mlpOut = Add("hook_mlp_out", stream);
        }
        residPost = Add("hook_resid_post", stream);
    }

    internal AttentionLayer Attention { get; }

    /// <summary>resid [batch, pos, d_model] → the same shape.</summary>
    internal Tensor Forward(Tensor resid, RunState state)
    {
        using var scope = torch.NewDisposeScope();
        var run = state.Hooks;
        resid = run.Fire(residPre, resid);
        var attention = Attention.Forward(ReadStream(resid, state), state);
        attention = run.Fire(attnOut, ln1Post?.Forward(attention, run) ?? attention);
        var middle = resid + attention;
        if (config.AttnOnly) return scope.MoveToOuter(run.Fire(residPost, middle));

        if (residMid is not null) middle = run.Fire(residMid, middle);
        var entering = config.ParallelAttnMlp ? resid : middle;
        // The gradient there is the MLP's alone, without what flows past it.
        var read = run.Fire(mlpIn!, run.Edits(mlpIn) ? entering.alias() : entering);
        read = ln2?.Forward(read, run) ?? read;
        var written = mlp?.Forward(read, run) ?? moe!.Forward(read, run);
        written = run.Fire(mlpOut!, ln2Post?.Forward(written, run) ?? written);
        return scope.MoveToOuter(run.Fire(residPost, middle + written));
    }

    /// <summary>
    /// The normalized stream that attention reads. Inputs split by head exist only where a hook edits them; where they
    /// are only looked at, they are repeated views and attention reads the one stream.
    /// </summary>
    private AttentionInputs ReadStream(Tensor resid, RunState state)
    {
        var run = state.Hooks;
        if (state.PositionRows is not null) return ReadWithPositions(resid, state);
        if (!run.Wants(attnIn) && !run.Wants(queryInput) && !run.Wants(keyInput) && !run.Wants(valueInput))
            return new AttentionInputs(ln1?.Forward(resid, run) ?? resid, null, null, null);
        CheckSplit(run);
        var (query, key, value) = (SplitInput(resid, config.NHeads), SplitInput(resid, config.KeyValueHeads), SplitInput(resid, config.KeyValueHeads));
        var edits = run.Edits(attnIn);
        if (run.Wants(attnIn)) query = key = value = run.Fire(attnIn!, query, isPart: true);
        var (editQ, editK, editV) = (edits || run.Edits(queryInput), edits || run.Edits(keyInput), edits || run.Edits(valueInput));
        query = run.Fire(queryInput!, query, isPart: true);
        key = run.Fire(keyInput!, key, isPart: true);
        value = run.Fire(valueInput!, value, isPart: true);

        var shared = ln1?.Forward(resid, run) ?? resid;
        Tensor? Own(Tensor input, bool edited) => !edited ? null : ln1?.ForwardUnhooked(input) ?? input;
        return new AttentionInputs(editQ && editK && editV ? null : shared, Own(query, editQ), Own(key, editK), Own(value, editV));
    }

    /// <summary>Shortformer: queries and keys read the stream with positions, values without.</summary>
    private AttentionInputs ReadWithPositions(Tensor resid, RunState state)
    {
        var values = ln1?.Forward(resid, state.Hooks) ?? resid;
        var withPositions = state.Hooks.Fire(Attention.AttentionInput!, values + state.PositionRows!);
        return new AttentionInputs(values, null, null, null) { QueryKey = withPositions };
    }

    private static Tensor SplitInput(Tensor resid, int heads)
    {
        var shape = resid.shape;
        return resid.unsqueeze(2).expand(shape[0], shape[1], heads, shape[2]);
    }

    /// <summary>The norm's points see the one stream: an edit there would be lost for an input that was split off.</summary>
    private void CheckSplit(HookRun run)
    {
        if (ln1 is null || !(run.Edits(ln1.Points.Scale) || run.Edits(ln1.Points.Normalized))) return;
        HookPoint?[] split = [attnIn, queryInput, keyInput, valueInput];
        if (Array.Find(split, run.Edits) is { } edited)
            throw new HookException(
                $"a hook edits '{edited.Name}' and another edits '{ln1.Points.Normalized.Name}' or its scale: the norm's hooks see only the " +
                "unsplit stream, so the two cannot be combined; edit the split input alone");
    }
}
