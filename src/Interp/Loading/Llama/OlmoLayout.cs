using Interp.Models;

namespace Interp.Loading.Llama;

/// <summary>OLMo: Llama with LayerNorms that have no weights (Groeneveld et al. 2024).</summary>
internal sealed class OlmoLayout : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face OLMo";

    /// <inheritdoc/>
    protected override string ModelType => "olmo";

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common)
    {
        c.Expect("attention_bias", false);
        c.Expect("clip_qkv", null);
        return common with
        {
            // Its tokenizer puts nothing before a text.
            DefaultPrependBos = false,
            ActFn = c.Activation("hidden_act", "silu"),
            // The reference gives no eps to choose.
            Eps = 1e-5,
            NormalizationType = NormalizationType.LNPre,
        };
    }

    /// <inheritdoc/>
    protected override BlockWeights ReadBlock(LlamaReader r, string prefix) => new(
        null,
        r.Qkv(prefix + "self_attn.", bias: false),
        r.Attention(prefix + "self_attn.o_proj", bias: false),
        null,
        r.GatedMlp(prefix + "mlp."));
}
