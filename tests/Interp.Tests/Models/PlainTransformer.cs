using Interp.Models;
using Interp.Torch;

namespace Interp.Tests.Models;

/// <summary>
/// The transformer written out step by step from the weights under their classic names, without fusing, planning or
/// caching: what a hooked run must equal, with an edit at any named value.
/// </summary>
public sealed class PlainTransformer(HookedTransformer model, Func<string, Tensor, Tensor> at)
{
    private readonly HookedTransformerConfig c = model.Config;

    public Tensor Forward(Tensor tokens)
    {
        tokens = at("hook_tokens", tokens);
        var x = at("hook_embed", model.W_E[tokens]);
        if (c.PositionalEmbeddingType == PositionalEmbeddingType.Standard)
            x = x + at("hook_pos_embed", model.W_pos[..(int)tokens.size(1)].unsqueeze(0).expand_as(x));
        for (var layer = 0; layer < c.NLayers; layer++) x = Block(x, layer);
        x = at("unembed.hook_in", Norm(x, "ln_final", model.Weights.LnFinal));
        return at("unembed.hook_out", x.matmul(model.W_U) + model.b_U);
    }

    private Tensor Block(Tensor x, int layer)
    {
        var p = $"blocks.{layer}.";
        x = at(p + "hook_resid_pre", x);
        var attn = at(p + "hook_attn_out", Attention(x, layer, p));
        if (c.AttnOnly) return at(p + "hook_resid_post", x + attn);
        var mid = x + attn;
        if (!c.ParallelAttnMlp) mid = at(p + "hook_resid_mid", mid);
        var read = at(p + "hook_mlp_in", c.ParallelAttnMlp ? x : mid);
        var mlp = at(p + "hook_mlp_out", Mlp(Norm(read, p + "ln2", model.Weights.Blocks[layer].Ln2), layer, p));
        return at(p + "hook_resid_post", mid + mlp);
    }

    private Tensor Attention(Tensor x, int layer, string p)
    {
        Tensor Split(Tensor stream, long heads) => stream.unsqueeze(2).repeat(1, 1, heads, 1);
        Tensor q, k, v;
        var normalized = Norm(x, p + "ln1", model.Weights.Blocks[layer].Ln1);
        // An edit before the norm acts on a copy of the stream for every head; without one that equals the stream.
        Tensor HeadInput(string name, long heads)
        {
            var input = Split(x, heads);
            if (c.KeyValueHeads == c.NHeads) input = at(p + "hook_attn_in", input);
            var edited = at(p + name, input);
            return edited.equal(Split(x, heads)) ? Split(normalized, heads) : Norm(edited, "", model.Weights.Blocks[layer].Ln1);
        }
        q = torch.einsum("bphd,hde->bphe", HeadInput("hook_q_input", c.NHeads), model.W_Q(layer)) + model.b_Q(layer);
        k = torch.einsum("bphd,hde->bphe", HeadInput("hook_k_input", c.KeyValueHeads), model.W_K(layer)) + model.b_K(layer);
        v = torch.einsum("bphd,hde->bphe", HeadInput("hook_v_input", c.KeyValueHeads), model.W_V(layer)) + model.b_V(layer);
        (q, k, v) = (at(p + "attn.hook_q", q), at(p + "attn.hook_k", k), at(p + "attn.hook_v", v));
        if (c.PositionalEmbeddingType == PositionalEmbeddingType.Rotary)
            (q, k) = (at(p + "attn.hook_rot_q", Rotate(q)), at(p + "attn.hook_rot_k", Rotate(k)));
        var group = c.NHeads / c.KeyValueHeads;
        (k, v) = (k.repeat_interleave(group, 2), v.repeat_interleave(group, 2));
        var scale = (c.UseAttnScale ? c.AttnScale ?? Math.Sqrt(c.DHead) : 1) * (c.ScaleAttnByInverseLayerIdx ? layer + 1 : 1);
        var scores = torch.einsum("bqhe,bkhe->bhqk", q, k) / scale;
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
        return c.AttentionDir == AttentionDirection.Causal ? all.tril() : all;
    }

    private Tensor Mlp(Tensor x, int layer, string p)
    {
        var act = Activations.Get(c.ActFn!);
        if (!c.GatedMlp)
        {
            var pre = at(p + "mlp.hook_pre", x.matmul(model.W_in(layer)) + model.b_in(layer));
            return at(p + "mlp.hook_post", act(pre)).matmul(model.W_out(layer)) + model.b_out(layer);
        }
        var gate = at(p + "mlp.hook_pre", x.matmul(model.W_gate(layer)));
        var linear = at(p + "mlp.hook_pre_linear", x.matmul(model.W_in(layer)));
        return at(p + "mlp.hook_post", act(gate) * linear + model.b_in(layer)).matmul(model.W_out(layer)) + model.b_out(layer);
    }

    private Tensor Norm(Tensor x, string name, NormWeights? w)
    {
        if (c.NormalizationType == NormalizationType.None) return x;
        Tensor At(string point, Tensor value) => name.Length == 0 ? value : at(name + point, value);
        if (c.NormalizationType is NormalizationType.LN or NormalizationType.LNPre) x = x - x.mean([-1], true);
        x = x / At(".hook_scale", (x.pow(2).mean([-1], true) + c.Eps).sqrt());
        if (w?.Weight is not null) x = x * w.Weight;
        if (w?.Bias is not null) x = x + w.Bias;
        return At(".hook_normalized", x);
    }

    /// <summary>Rotation as complex multiplication, another way than the toolkit's.</summary>
    private Tensor Rotate(Tensor x)
    {
        var n = c.RotaryDim ?? c.DHead;
        var angles = torch.arange(x.size(1), ScalarType.Float64).unsqueeze(1)
            * torch.tensor(Enumerable.Range(0, n / 2).Select(i => Math.Pow(c.RotaryBase, -2.0 * i / n)).ToArray());
        var turn = torch.complex(angles.cos(), angles.sin()).unsqueeze(1); // [pos, 1, n/2]
        var part = x[TensorIndex.Ellipsis, ..n].to(ScalarType.Float64);
        var (re, im) = c.RotaryAdjacentPairs
            ? (part[TensorIndex.Ellipsis, TensorIndex.Slice(0, null, 2)], part[TensorIndex.Ellipsis, TensorIndex.Slice(1, null, 2)])
            : (part[TensorIndex.Ellipsis, ..(n / 2)], part[TensorIndex.Ellipsis, (n / 2)..]);
        var turned = torch.complex(re.contiguous(), im.contiguous()) * turn;
        var parts = c.RotaryAdjacentPairs
            ? turned.view_as_real().flatten(-2)
            : torch.cat([turned.real(), turned.imag()], -1);
        return torch.cat([parts.to(x.dtype), x[TensorIndex.Ellipsis, n..]], -1);
    }
}
