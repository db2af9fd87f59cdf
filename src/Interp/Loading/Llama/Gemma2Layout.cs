using Interp.Models;

namespace Interp.Loading.Llama;

/// <summary>
/// Gemma 2 (Gemma Team 2024): norms before and behind attention and MLP, soft caps on scores and logits, every other layer
/// local beginning with the first.
/// </summary>
internal class Gemma2Layout : GemmaLayout
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face Gemma 2";

    /// <inheritdoc/>
    protected override string ModelType => "gemma2";

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common)
    {
        c.Skip("cache_implementation");
        var types = QwenWindows.LayerTypes(c, common.NLayers)
            ?? [.. Enumerable.Range(0, common.NLayers).Select(layer => layer % 2 == 0 ? AttentionReach.Local : AttentionReach.Global)];
        return base.Configure(c, common) with
        {
            AttnScale = Math.Sqrt(c.Double("query_pre_attn_scalar", 256)),
            AttnScoresSoftCap = c.OptionalDouble("attn_logit_softcapping"),
            OutputLogitsSoftCap = c.OptionalDouble("final_logit_softcapping"),
            WindowSize = c.Size("sliding_window", 4096),
            AttnTypes = types,
            UseNormalizationBeforeAndAfter = true,
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
    };
}
