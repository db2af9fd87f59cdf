using Interp.Models;

namespace Interp.Loading.Llama;

/// <summary>
/// The text model of Gemma 3 (Gemma Team 2025): Gemma 2 with norms on queries and keys in place of soft caps, five local
/// layers for every global one, and a rotary base of their own for the local ones.
/// </summary>
internal sealed class Gemma3Layout : GemmaLayout
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face Gemma 3 (text)";

    /// <inheritdoc/>
    protected override string ModelType => "gemma3_text";

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common)
    {
        c.Skip("cache_implementation");
        var every = c.Size("sliding_window_pattern", 6);
        var types = QwenWindows.LayerTypes(c, common.NLayers)
            ?? [.. Enumerable.Range(0, common.NLayers).Select(layer => (layer + 1) % every == 0 ? AttentionReach.Global : AttentionReach.Local)];
        return base.Configure(c, common) with
        {
            RotaryBase = c.Double("rope_theta", 1_000_000),
            RotaryBaseLocal = c.Double("rope_local_base_freq", 10_000),
            AttnScale = Math.Sqrt(c.Double("query_pre_attn_scalar", 256)),
            AttnScoresSoftCap = c.OptionalDouble("attn_logit_softcapping"),
            OutputLogitsSoftCap = c.OptionalDouble("final_logit_softcapping"),
            WindowSize = c.Size("sliding_window", 4096),
            AttnTypes = types,
            UseNormalizationBeforeAndAfter = true,
            UseQkNorm = true,
        };
    }

    /// <inheritdoc/>
    protected override BlockWeights ReadBlock(LlamaReader r, string prefix) => new(
        Norm(r, prefix + "input_layernorm"),
        r.Qkv(prefix + "self_attn.", bias: false),
        r.Attention(prefix + "self_attn.o_proj", bias: false),
        Norm(r, prefix + "pre_feedforward_layernorm"),
        r.GatedMlp(prefix + "mlp."))
    {
        Ln1Post = Norm(r, prefix + "post_attention_layernorm"),
        Ln2Post = Norm(r, prefix + "post_feedforward_layernorm"),
        QueryNorm = PlusOne(r.Weights.Take(prefix + "self_attn.q_norm.weight", r.Config.DHead)),
        KeyNorm = PlusOne(r.Weights.Take(prefix + "self_attn.k_norm.weight", r.Config.DHead)),
    };
}
