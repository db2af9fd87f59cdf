using Interp.Models;

namespace Interp.Loading.Llama;

/// <summary>Llama 1 to 3 (Touvron et al. 2023, Dubey et al. 2024).</summary>
internal sealed class LlamaLayout : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face Llama";

    /// <inheritdoc/>
    protected override string ModelType => "llama";

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common)
    {
        c.Expect("sliding_window", null);
        c.Skip("attention_bias", "pretraining_tp");
        return common with
        {
            ActFn = c.Activation("hidden_act", "silu"),
            Eps = c.Double("rms_norm_eps", 1e-6),
            GatedBiasInside = c.Bool("mlp_bias", false),
        };
    }

    /// <inheritdoc/>
    protected override BlockWeights ReadBlock(LlamaReader r, string prefix)
    {
        var bias = r.Settings.Bool("attention_bias", false);
        return new BlockWeights(
            r.Norm(prefix + "input_layernorm"),
            r.Qkv(prefix + "self_attn.", bias),
            r.Attention(prefix + "self_attn.o_proj", bias),
            r.Norm(prefix + "post_attention_layernorm"),
            r.GatedMlp(prefix + "mlp.", bias: r.Config.GatedBiasInside));
    }
}
