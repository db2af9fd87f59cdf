using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

/// <summary>
/// Multi-head attention: z_h = softmax(q_h k_hᵀ · factor) v_h, out = Σ_h z_h W_O^h + b_O (Vaswani et al. 2017).
/// </summary>
/// <remarks>
/// The pattern is materialized only when the run asks for scores or pattern, or when gradients need it; else a fused
/// kernel computes z directly.
/// </remarks>
internal sealed partial class AttentionLayer
{
    private readonly HookedTransformerConfig config;
    private readonly int layer;
    private readonly BlockWeights weights;
    private readonly RotaryEmbedding? rotary;
    private readonly NormLayer? queryNorm;
    private readonly NormLayer? keyNorm;

    internal AttentionLayer(HookRegistry registry, int layer, BlockWeights weights, HookedTransformerConfig config, RotaryEmbedding? rotary)
    {
        this.config = config;
        this.layer = layer;
        this.weights = weights;
        this.rotary = rotary;
        HookPoint Add(string name, string[] dimensions, bool onDemand = false) =>
            registry.Add($"blocks.{layer}.attn.{name}", dimensions, layer, onDemand);
        string[] query = ["batch", "pos", "head", "d_head"], key = ["batch", "pos", "kv_head", "d_head"];
        if (config.PositionalEmbeddingType == PositionalEmbeddingType.Shortformer)
            AttentionInput = Add("hook_attn_input", ["batch", "pos", "d_model"]);
        Query = Add("hook_q", query);
        Key = Add("hook_k", key);
        Value = Add("hook_v", key);
        if (config.UseQkNorm)
        {
            NormLayer Norm(string name, Tensor? scale, string[] dimensions) =>
                new(registry, $"blocks.{layer}.attn.{name}", layer, new NormWeights(scale, null), NormalizationType.RMS, config.Eps, dimensions);
            queryNorm = Norm("q_norm", weights.QueryNorm, query);
            keyNorm = Norm("k_norm", weights.KeyNorm, key);
        }
        if (rotary is not null)
        {
            RotatedQuery = Add("hook_rot_q", query);
            RotatedKey = Add("hook_rot_k", key);
        }
        Scores = Add("hook_attn_scores", ["batch", "head", "query", "key"]);
        Pattern = Add("hook_pattern", ["batch", "head", "query", "key"]);
        Z = Add("hook_z", query);
        Result = Add("hook_result", ["batch", "pos", "head", "d_model"], onDemand: true);
    }

    internal HookPoint? AttentionInput { get; }

    internal HookPoint Query { get; }

    internal HookPoint Key { get; }

    internal HookPoint Value { get; }

    internal HookPoint? RotatedQuery { get; }

    internal HookPoint? RotatedKey { get; }

    internal HookPoint Scores { get; }

    internal HookPoint Pattern { get; }

    internal HookPoint Z { get; }

    internal HookPoint Result { get; }

    /// <summary>From normalized inputs to what is added to the residual stream [batch, pos, d_model].</summary>
    internal Tensor Forward(AttentionInputs inputs, RunState state)
    {
        using var scope = torch.NewDisposeScope();
        var run = state.Hooks;
        var (q, k, v) = Project(inputs);
        // q, k and v are views of one tensor: kept together they are kept as they are, kept alone they are copied out. A
        // shortformer has them in two.
        var isPart = inputs.QueryKey is not null || !(run.Keeps(Query) && run.Keeps(Key) && run.Keeps(Value));
        q = run.Fire(Query, q, isPart);
        k = run.Fire(Key, k, isPart);
        v = run.Fire(Value, v, isPart);
        if (queryNorm is not null) (q, k) = (queryNorm.Forward(q, run), keyNorm!.Forward(k, run));
        if (rotary is not null)
        {
            q = run.Fire(RotatedQuery!, rotary.Apply(q, state.Positions));
            k = run.Fire(RotatedKey!, rotary.Apply(k, state.Positions));
        }
        if (state.KeyValues is not null) (k, v) = state.KeyValues.Append(layer, k, v);

        var z = run.Fire(Z, Mix(q, k, v, state)); // [batch, pos, head, d_head]
        return scope.MoveToOuter(run.Wants(Result) ? SumOfResults(z, run) : weights.Out.Apply(z.flatten(2)));
    }

    private (Tensor Q, Tensor K, Tensor V) Project(AttentionInputs inputs)
    {
        var (heads, kvHeads) = (config.NHeads, config.KeyValueHeads);
        Tensor? q = null, k = null, v = null;
        if (inputs.Shared is not null)
        {
            var qkv = weights.Qkv.Apply(inputs.Shared);
            var shape = qkv.shape;
            qkv = qkv.view(shape[0], shape[1], heads + 2 * kvHeads, config.DHead);
            q = qkv.narrow(2, 0, heads);
            k = qkv.narrow(2, heads, kvHeads);
            v = qkv.narrow(2, heads + kvHeads, kvHeads);
        }
        if (inputs.QueryKey is not null)
        {
            var qk = weights.Qkv.Apply(inputs.QueryKey).SplitDimension(-1, heads + 2 * kvHeads, config.DHead);
            (q, k) = (qk.narrow(2, 0, heads), qk.narrow(2, heads, kvHeads));
        }
        if (inputs.Query is not null) q = ProjectByHead(inputs.Query, 0, heads);
        if (inputs.Key is not null) k = ProjectByHead(inputs.Key, heads, kvHeads);
        if (inputs.Value is not null) v = ProjectByHead(inputs.Value, heads + kvHeads, kvHeads);
        return (q!, k!, v!);
    }

    /// <summary>An input of its own for every head [batch, pos, head, d_model] → [batch, pos, head, d_head].</summary>
    private Tensor ProjectByHead(Tensor input, int firstHead, int heads)
    {
        var weight = weights.Qkv.Weight.narrow(1, firstHead * config.DHead, heads * config.DHead)
            .SplitDimension(1, heads, config.DHead); // [d_model, head, d_head]
        var projected = torch.einsum("bphd,dhe->bphe", input, weight);
        return weights.Qkv.Bias is null
            ? projected
            : projected + weights.Qkv.Bias.narrow(0, firstHead * config.DHead, heads * config.DHead).view(heads, config.DHead);
    }

    private Tensor Mix(Tensor q, Tensor k, Tensor v, RunState state)
    {
        var visible = state.Visibility(layer);
        var factor = config.ScoreFactor(layer);
        var gradients = torch.is_grad_enabled() && (q.requires_grad || k.requires_grad || v.requires_grad);
        var plainScores = config.AttnScoresSoftCap is null && config.PositionalEmbeddingType != PositionalEmbeddingType.Alibi;
        if (plainScores && !state.Hooks.Wants(Scores) && !state.Hooks.Wants(Pattern) && !gradients)
            return Functional.Attention(Dense(q), Dense(k), Dense(v), visible.Allowed, visible.Causal, factor);
        return Materialize(q, k, v, visible, factor, state);
    }

    private Tensor Materialize(Tensor q, Tensor k, Tensor v, AttentionVisibility visible, double factor, RunState state)
    {
        var run = state.Hooks;
        var (qh, kh, vh) = (q.transpose(1, 2), Repeat(k.transpose(1, 2)), Repeat(v.transpose(1, 2))); // [batch, head, pos, d_head]
        var scores = (qh * factor).MatMul(kh.transpose(2, 3)); // [batch, head, query, key]
        if (config.AttnScoresSoftCap is { } cap) scores = (scores / cap).tanh() * cap;
        if (config.AlibiInScale)
            scores = scores + Alibi.RoundedBias(config.NHeads, q.size(1), state.KeyPositions()) * factor;
        else if (config.PositionalEmbeddingType == PositionalEmbeddingType.Alibi)
            scores = scores + Alibi.Bias(config.NHeads, q.size(1), k.size(1), q.device);
        var allowed = visible.Combined(q.size(1), k.size(1), q.device);
        if (allowed is not null) scores = scores.masked_fill(~allowed, double.NegativeInfinity);
        var edited = run.Edits(Scores);
        scores = run.Fire(Scores, scores);
        var pattern = scores.softmax(-1);
        // A query that may look nowhere has only −∞, whose softmax is not a number: its pattern is zero.
        if (edited || visible.Allowed is not null) pattern = pattern.masked_fill(pattern.isnan(), 0.0);
        pattern = run.Fire(Pattern, pattern);
        return pattern.MatMul(vh).transpose(1, 2); // [batch, pos, head, d_head]
    }

    /// <summary>out = Σ_h z_h W_O^h + b_O with the terms of the sum in sight.</summary>
    private Tensor SumOfResults(Tensor z, HookRun run)
    {
        var weight = weights.Out.Weight.SplitDimension(0, config.NHeads, config.DHead); // [head, d_head, d_model]
        var result = run.Fire(Result, torch.einsum("bphd,hdm->bphm", z, weight));
        var sum = result.sum(2);
        return weights.Out.Bias is null ? sum : sum + weights.Out.Bias;
    }

    private Tensor Repeat(Tensor keyOrValue)
    {
        // A circuit gives every head keys and values of its own, whatever the groups.
        var group = config.NHeads / (int)keyOrValue.size(1);
        return group == 1 ? keyOrValue : keyOrValue.repeat_interleave(group, 1);
    }

    /// <summary>The kernel wants every head's numbers side by side; they are, unless a hook returned something else.</summary>
    private static Tensor Dense(Tensor x) => x.stride()[^1] == 1 ? x : x.contiguous();
}
