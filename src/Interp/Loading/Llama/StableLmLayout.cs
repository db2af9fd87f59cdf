using Interp.Models;

namespace Interp.Loading.Llama;

/// <summary>StableLM: Llama with LayerNorms, a part of each head rotated, and biases of queries, keys and values on request.</summary>
internal sealed class StableLmLayout : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face StableLM";

    /// <inheritdoc/>
    protected override string ModelType => "stablelm";

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common)
    {
        c.Expect("qk_layernorm", false);
        c.Skip("use_qkv_bias");
        return common with
        {
            // Its tokenizer puts nothing before a text.
            DefaultPrependBos = false,
            ActFn = c.Activation("hidden_act", "silu"),
            Eps = c.Double("layer_norm_eps", 1e-5),
            NormalizationType = NormalizationType.LN,
            RotaryDim = (int)(common.DHead * c.Double("partial_rotary_factor", 0.25)),
            ParallelAttnMlp = c.Bool("use_parallel_residual", false),
        };
    }

    /// <inheritdoc/>
    protected override BlockWeights ReadBlock(LlamaReader r, string prefix)
    {
        var ln1 = r.Norm(prefix + "input_layernorm");
        return new BlockWeights(
            ln1,
            r.Qkv(prefix + "self_attn.", r.Settings.Bool("use_qkv_bias", false)),
            r.Attention(prefix + "self_attn.o_proj", bias: false),
            // In a parallel block attention and MLP read the same norm.
            r.Config.ParallelAttnMlp ? ln1 : r.Norm(prefix + "post_attention_layernorm"),
            r.GatedMlp(prefix + "mlp."));
    }
}
