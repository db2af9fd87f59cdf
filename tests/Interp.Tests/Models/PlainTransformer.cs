using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Models;

/// <summary>
/// The transformer written out step by step from the weights under their classic names, without fusing, planning or
/// caching: what a hooked run must equal, with an edit at any named value.
/// </summary>
public sealed class PlainTransformer(HookedTransformer model, Func<string, Tensor, Tensor> at)
{
    private readonly HookedTransformerConfig c = model.Config;
    private Tensor? positions;

    public Tensor Forward(Tensor tokens)
    {
        tokens = at("hook_tokens", tokens);
        var x = model.W_E[tokens];
        if (c.PostEmbeddingLn) x = Norm(x, "embed.ln", model.Weights.EmbedNorm, NormalizationType.LN);
        x = at("hook_embed", x);
        if (c.PositionalEmbeddingType == PositionalEmbeddingType.Shortformer)
            positions = at("hook_pos_embed", model.W_pos[..(int)tokens.size(1)].unsqueeze(0).expand_as(x));
        if (c.PositionalEmbeddingType == PositionalEmbeddingType.Standard)
            x = x + at("hook_pos_embed", model.W_pos[..(int)tokens.size(1)].unsqueeze(0).expand_as(x));
        for (var layer = 0; layer < c.NLayers; layer++) x = Block(x, layer);
        x = at("unembed.hook_in", Norm(x, "ln_final", model.Weights.LnFinal));
        var logits = at("unembed.hook_out", x.MatMul(model.W_U) + model.b_U);
        return c.OutputLogitsSoftCap is { } cap ? cap * (logits / cap).tanh() : logits;
    }

    private Tensor Block(Tensor x, int layer)
    {
        var p = $"blocks.{layer}.";
        x = at(p + "hook_resid_pre", x);
        var attn = Attention(x, layer, p);
        if (c.UseNormalizationBeforeAndAfter) attn = Norm(attn, p + "ln1_post", model.Weights.Blocks[layer].Ln1Post);
        attn = at(p + "hook_attn_out", attn);
        if (c.AttnOnly) return at(p + "hook_resid_post", x + attn);
        var mid = x + attn;
        if (!c.ParallelAttnMlp) mid = at(p + "hook_resid_mid", mid);
        var read = at(p + "hook_mlp_in", c.ParallelAttnMlp ? x : mid);
        read = Norm(read, p + "ln2", model.Weights.Blocks[layer].Ln2);
        var mlp = c.NumExperts is null ? Mlp(read, layer, p) : Experts(read, layer, p);
        if (c.UseNormalizationBeforeAndAfter) mlp = Norm(mlp, p + "ln2_post", model.Weights.Blocks[layer].Ln2Post);
        mlp = at(p + "hook_mlp_out", mlp);
        return at(p + "hook_resid_post", mid + mlp);
    }

    private Tensor Attention(Tensor x, int layer, string p)
    {
        Tensor Split(Tensor stream, long heads) => stream.unsqueeze(2).repeat(1, 1, heads, 1);
        Tensor q, k, v;
        var normalized = Norm(x, p + "ln1", model.Weights.Blocks[layer].Ln1);
        var withPositions = positions is null ? null : at(p + "attn.hook_attn_input", normalized + positions);
        // An edit before the norm acts on a copy of the stream for every head; without one that equals the stream.
        Tensor HeadInput(string name, long heads)
        {
            var input = Split(x, heads);
            if (positions is not null) return Split(name == "hook_v_input" ? normalized : withPositions!, heads);
            if (c.KeyValueHeads == c.NHeads) input = at(p + "hook_attn_in", input);
            var edited = at(p + name, input);
            return edited.Equals(Split(x, heads)) ? Split(normalized, heads) : Norm(edited, "", model.Weights.Blocks[layer].Ln1);
        }
        q = torch.einsum("bphd,hde->bphe", HeadInput("hook_q_input", c.NHeads), model.W_Q(layer)) + model.b_Q(layer);
        k = torch.einsum("bphd,hde->bphe", HeadInput("hook_k_input", c.KeyValueHeads), model.W_K(layer)) + model.b_K(layer);
        v = torch.einsum("bphd,hde->bphe", HeadInput("hook_v_input", c.KeyValueHeads), model.W_V(layer)) + model.b_V(layer);
        (q, k, v) = (at(p + "attn.hook_q", q), at(p + "attn.hook_k", k), at(p + "attn.hook_v", v));
        if (c.UseQkNorm)
        {
            var block = model.Weights.Blocks[layer];
            q = Norm(q, p + "attn.q_norm", new NormWeights(block.QueryNorm, null), NormalizationType.RMS);
            k = Norm(k, p + "attn.k_norm", new NormWeights(block.KeyNorm, null), NormalizationType.RMS);
        }
        if (c.PositionalEmbeddingType == PositionalEmbeddingType.Rotary)
            (q, k) = (at(p + "attn.hook_rot_q", Rotate(q, layer)), at(p + "attn.hook_rot_k", Rotate(k, layer)));
        var group = c.NHeads / c.KeyValueHeads;
        (k, v) = (k.repeat_interleave(group, 2), v.repeat_interleave(group, 2));
        var scale = (c.UseAttnScale ? c.AttnScale ?? Math.Sqrt(c.DHead) : 1) * (c.ScaleAttnByInverseLayerIdx ? layer + 1 : 1);
        var scores = torch.einsum("bqhe,bkhe->bhqk", q, k) / scale;
        if (c.AttnScoresSoftCap is { } cap) scores = cap * (scores / cap).tanh();
        if (c.PositionalEmbeddingType == PositionalEmbeddingType.Alibi)
            scores = scores + Distances((int)x.size(1)) / (c.AlibiInScale ? Math.Sqrt(c.DHead) : 1);
        scores = at(p + "attn.hook_attn_scores", scores.masked_fill(~Allowed(layer, (int)x.size(1)), double.NegativeInfinity));
        var pattern = at(p + "attn.hook_pattern", scores.softmax(-1).nan_to_num());
        var z = at(p + "attn.hook_z", torch.einsum("bhqk,bkhe->bqhe", pattern, v));
        var result = at(p + "attn.hook_result", torch.einsum("bqhe,hed->bqhd", z, model.W_O(layer)));
        return result.sum(2) + model.b_O(layer);
    }

    private Tensor Allowed(int layer, int pos)
    {
        if (c.AttentionMasks is { } masks)
            return torch.tensor(masks[layer], [c.NCtx, c.NCtx])[..pos, ..pos];
        var all = torch.ones([pos, pos], ScalarType.Bool);
        if (c.AttentionDir == AttentionDirection.Causal) all = all.tril();
        return c.WindowOf(layer) is { } window ? all.triu(1 - window) : all;
    }

    /// <summary>ALiBi for three heads: two from a power of two, one from the sequence of twice as many.</summary>
    private static Tensor Distances(int pos)
    {
        double[] slopes = [1 / 16.0, 1 / 256.0, 1 / 4.0];
        var bias = from slope in slopes from q in Enumerable.Range(0, pos) from k in Enumerable.Range(0, pos) select (float)(-slope * Math.Max(q - k, 0));
        return torch.tensor(bias.ToArray(), [3, pos, pos]);
    }

    /// <summary>Token by token, every expert by itself.</summary>
    private Tensor Experts(Tensor x, int layer, string p)
    {
        var (moe, act) = (model.Weights.Blocks[layer].Moe!, Activations.Get(c.ActFn!));
        var tokens = x.reshape(-1, c.DModel);
        var weights = at(p + "mlp.hook_expert_weights", tokens.MatMul(moe.Router.Weight).softmax(-1));
        var indices = at(p + "mlp.hook_expert_indices", weights.topk(c.ExpertsPerToken!.Value).indexes);
        var share = weights.gather(1, indices);
        share = share / share.sum(-1, true);
        var rows = new Tensor[tokens.size(0)];
        for (var t = 0; t < rows.Length; t++) rows[t] = torch.zeros([c.DModel]);
        for (var e = 0; e < c.NumExperts; e++)
        {
            var own = Enumerable.Range(0, c.ExpertsPerToken.Value).SelectMany(k => Enumerable.Range(0, rows.Length).Select(t => (t, k)))
                .Where(place => indices[place.t, place.k].ToInt32() == e).ToArray();
            var read = own.Length == 0 ? tokens[..0] : torch.stack([.. own.Select(place => tokens[place.t])]);
            var expert = moe.Experts[e];
            var gate = at($"{p}mlp.experts.{e}.hook_gate", read.MatMul(expert.Gate!.Weight));
            var pre = at($"{p}mlp.experts.{e}.hook_pre", read.MatMul(expert.In.Weight) + expert.In.Bias!);
            var result = at($"{p}mlp.experts.{e}.hook_post", act(gate) * pre).MatMul(expert.Out.Weight) + expert.Out.Bias!;
            for (var n = 0; n < own.Length; n++) rows[own[n].t] = rows[own[n].t] + result[n] * share[own[n].t, own[n].k];
        }
        return torch.stack(rows).view(x.shape);
    }

    private Tensor Mlp(Tensor x, int layer, string p)
    {
        var act = Activations.Get(c.ActFn!);
        if (!c.GatedMlp)
        {
            var pre = at(p + "mlp.hook_pre", x.MatMul(model.W_in(layer)) + model.b_in(layer));
            if (c.ActFn == "solu_ln")
            {
                var mid = at(p + "mlp.hook_mid", pre * pre.exp() / pre.exp().sum(-1, true));
                return at(p + "mlp.hook_post", Norm(mid, p + "mlp.ln", model.Weights.Blocks[layer].Mlp!.Ln, NormalizationType.LN)).MatMul(model.W_out(layer))
                    + model.b_out(layer);
            }
            return at(p + "mlp.hook_post", act(pre)).MatMul(model.W_out(layer)) + model.b_out(layer);
        }
        var gate = x.MatMul(model.W_gate(layer));
        if (model.Weights.Blocks[layer].Mlp!.Gate!.Bias is { } gateBias) gate = gate + gateBias;
        gate = at(p + "mlp.hook_pre", gate);
        var linear = x.MatMul(model.W_in(layer));
        if (c.GatedBiasInside)
            return at(p + "mlp.hook_post", act(gate) * at(p + "mlp.hook_pre_linear", linear + model.b_in(layer))).MatMul(model.W_out(layer))
                + model.b_out(layer);
        linear = at(p + "mlp.hook_pre_linear", linear);
        return at(p + "mlp.hook_post", act(gate) * linear + model.b_in(layer)).MatMul(model.W_out(layer)) + model.b_out(layer);
    }

    private Tensor Norm(Tensor x, string name, NormWeights? w, NormalizationType? own = null)
    {
        var type = own ?? c.NormalizationType;
        if (type == NormalizationType.None) return x;
        Tensor At(string point, Tensor value) => name.Length == 0 ? value : at(name + point, value);
        if (type is NormalizationType.LN or NormalizationType.LNPre) x = x - x.mean([-1], true);
        x = x / At(".hook_scale", (x.pow(2).mean([-1], true) + c.Eps).sqrt());
        // RMSNorm shows its value before the weight, LayerNorm behind weight and bias: the classic model's habit.
        if (type is NormalizationType.RMS) return At(".hook_normalized", x) * w!.Weight!;
        if (w?.Weight is not null) x = x * w.Weight;
        if (w?.Bias is not null) x = x + w.Bias;
        return At(".hook_normalized", x);
    }

    /// <summary>Rotation as complex multiplication, another way than the toolkit's.</summary>
    private Tensor Rotate(Tensor x, int layer)
    {
        var local = c.WindowOf(layer) is not null && c.RotaryBaseLocal is not null;
        double Frequency(int i, int of)
        {
            var frequency = Math.Pow(local ? c.RotaryBaseLocal!.Value : c.RotaryBase, -2.0 * i / of);
            return local || c.RotaryScaling is null ? frequency : c.RotaryScaling.Scale(frequency);
        }
        var n = c.RotaryDim ?? c.DHead;
        var angles = torch.arange(x.size(1), ScalarType.Float64).unsqueeze(1)
            * torch.tensor(Enumerable.Range(0, n / 2).Select(i => Frequency(i, n)).ToArray());
        var turn = torch.complex(angles.cos(), angles.sin()).unsqueeze(1); // [pos, 1, n/2]
        var part = x[TensorIndex.Ellipsis, ..n].to(ScalarType.Float64);
        var (re, im) = c.RotaryAdjacentPairs
            ? (part[TensorIndex.Ellipsis, TensorIndex.Slice(0, null, 2)], part[TensorIndex.Ellipsis, TensorIndex.Slice(1, null, 2)])
            : (part[TensorIndex.Ellipsis, ..(n / 2)], part[TensorIndex.Ellipsis, (n / 2)..]);
        var turned = torch.complex(re.contiguous(), im.contiguous()) * turn;
        var parts = c.RotaryAdjacentPairs
            ? turned.view_as_real().flatten(-2)
            : torch.cat([turned.real, turned.imag], -1);
        return torch.cat([parts.to(x.dtype), x[TensorIndex.Ellipsis, n..]], -1);
    }
}
