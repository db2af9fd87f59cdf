using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>
/// Multi-head attention of encoders and of decoders that read an encoder: queries may come from another stream than keys
/// and values, and a bias that depends on positions may be added to the scores.
/// z_h = softmax(q_h k_hᵀ · factor + bias_h) v_h, out = Σ_h z_h W_O^h + b_O (Vaswani et al. 2017; bias: Raffel et al. 2020).
/// </summary>
/// <remarks>The pattern is materialized only where somebody asks for it, gradients need it or a bias is added.</remarks>
internal sealed class EncoderAttention
{
    private readonly AttentionWeights weights;
    private readonly double factor;
    private readonly HookPoint queryPoint;
    private readonly HookPoint keyPoint;
    private readonly HookPoint valuePoint;
    private readonly HookPoint scoresPoint;
    private readonly HookPoint patternPoint;
    private readonly HookPoint zPoint;
    private readonly HookPoint resultPoint;

    /// <param name="registry">Where the points go.</param>
    /// <param name="name">The attention's name, for example <c>blocks.0.attn</c>.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="factor">The factor of the scores.</param>
    /// <param name="keyPositions">The name of the keys' positions: that of the queries, or of the encoder's.</param>
    internal EncoderAttention(HookRegistry registry, string name, int layer, AttentionWeights weights, double factor, string keyPositions = "pos")
    {
        this.weights = weights;
        this.factor = factor;
        HookPoint Add(string point, string[] dimensions, bool onDemand = false) =>
            registry.Add($"{name}.{point}", dimensions, layer, onDemand);
        queryPoint = Add("hook_q", ["batch", "pos", "head", "d_head"]);
        keyPoint = Add("hook_k", ["batch", keyPositions, "head", "d_head"]);
        valuePoint = Add("hook_v", ["batch", keyPositions, "head", "d_head"]);
        scoresPoint = Add("hook_attn_scores", ["batch", "head", "pos", keyPositions]);
        patternPoint = Add("hook_pattern", ["batch", "head", "pos", keyPositions]);
        zPoint = Add("hook_z", ["batch", "pos", "head", "d_head"]);
        resultPoint = Add("hook_result", ["batch", "pos", "head", "d_model"], onDemand: true);
    }

    /// <summary>What is added to the residual stream [batch, pos, d_model].</summary>
    /// <param name="inputs">Each [batch, pos, d_model], or [batch, pos, head, d_model] where a hook has split it.</param>
    /// <param name="allowed">Bool, broadcasts to [batch, head, query, key], true where a query may look; null for everywhere.</param>
    /// <param name="bias">Added to the scores, broadcasts to [batch, head, query, key]; null for none.</param>
    /// <param name="run">The run.</param>
    internal Tensor Forward((Tensor Query, Tensor Key, Tensor Value) inputs, Tensor? allowed, Tensor? bias, HookRun run)
    {
        using var scope = torch.NewDisposeScope();
        var (q, k, v) = Project(inputs);
        // Parts of one tensor: kept together they are kept as they are, kept alone they are copied out.
        var isPart = !(run.Keeps(queryPoint) && run.Keeps(keyPoint) && run.Keeps(valuePoint));
        q = run.Fire(queryPoint, q, isPart);
        k = run.Fire(keyPoint, k, isPart);
        v = run.Fire(valuePoint, v, isPart);
        var z = run.Fire(zPoint, Mix(q, k, v, allowed, bias, run)); // [batch, pos, head, d_head]
        return scope.MoveToOuter(run.Wants(resultPoint) ? SumOfResults(z, run) : weights.Out.Apply(z.flatten(2)));
    }

    private (Tensor Q, Tensor K, Tensor V) Project((Tensor Query, Tensor Key, Tensor Value) inputs)
    {
        if (!ReferenceEquals(inputs.Query, inputs.Key) || !ReferenceEquals(inputs.Key, inputs.Value) || inputs.Query.dim() == 4)
            return (Project(inputs.Query, 0), Project(inputs.Key, 1), Project(inputs.Value, 2));
        var qkv = weights.Qkv.Apply(inputs.Query).SplitDimension(-1, 3 * weights.Heads, weights.DHead); // [batch, pos, 3 head, d_head]
        return (qkv.narrow(2, 0, weights.Heads), qkv.narrow(2, weights.Heads, weights.Heads), qkv.narrow(2, 2 * weights.Heads, weights.Heads));
    }

    private Tensor Project(Tensor input, int which)
    {
        var part = weights.Part(which);
        if (input.dim() == 3) return part.Apply(input).SplitDimension(-1, weights.Heads, weights.DHead);
        var projected = torch.einsum("bphd,dhe->bphe", input, part.Weight.SplitDimension(1, weights.Heads, weights.DHead));
        return part.Bias is null ? projected : projected + part.Bias.view(weights.Heads, weights.DHead);
    }

    private Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor? allowed, Tensor? bias, HookRun run)
    {
        var gradients = torch.is_grad_enabled() && (q.requires_grad || k.requires_grad || v.requires_grad);
        if (bias is null && !run.Wants(scoresPoint) && !run.Wants(patternPoint) && !gradients)
            return Functional.Attention(Dense(q), Dense(k), Dense(v), allowed, causal: false, factor);
        var scores = (q.transpose(1, 2) * factor).MatMul(k.permute(0, 2, 3, 1)); // [batch, head, query, key]
        if (bias is not null) scores = scores + bias;
        if (allowed is not null) scores = scores.masked_fill(~allowed, double.NegativeInfinity);
        var edited = run.Edits(scoresPoint);
        var pattern = run.Fire(scoresPoint, scores).softmax(-1);
        // A query that may look nowhere has only −∞, whose softmax is not a number: its pattern is zero.
        if (edited || allowed is not null) pattern = pattern.masked_fill(pattern.isnan(), 0.0);
        return run.Fire(patternPoint, pattern).MatMul(v.transpose(1, 2)).transpose(1, 2);
    }

    /// <summary>out = Σ_h z_h W_O^h + b_O with the terms of the sum in sight.</summary>
    private Tensor SumOfResults(Tensor z, HookRun run)
    {
        var result = run.Fire(resultPoint, torch.einsum("bphd,hdm->bphm", z, weights.W_O));
        var sum = result.sum(2);
        return weights.Out.Bias is null ? sum : sum + weights.Out.Bias;
    }

    /// <summary>The kernel wants every head's numbers side by side; they are, unless a hook returned something else.</summary>
    private static Tensor Dense(Tensor x) => x.stride()[^1] == 1 ? x : x.contiguous();
}
