using Interp.Models;

namespace Interp.Loading.Llama;

/// <summary>
/// The text model of Gemma 3 (Gemma Team 2025): Gemma 2 with norms on queries and keys in place of soft caps, five local
/// layers for every global one, and a rotary base of their own for the local ones.
/// </summary>
internal sealed class Gemma3Layout : Gemma2Layout
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face Gemma 3 (text)";

    /// <inheritdoc/>
    protected override string ModelType => "gemma3_text";

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common)
    {
        var every = c.Size("sliding_window_pattern", 6);
        return base.Configure(c, common) with
        {
            RotaryBase = c.Double("rope_theta", 1_000_000),
            RotaryBaseLocal = c.Double("rope_local_base_freq", 10_000),
            AttnTypes = QwenWindows.LayerTypes(c, common.NLayers)
                ?? [.. Enumerable.Range(1, common.NLayers).Select(n => n % every == 0 ? AttentionReach.Global : AttentionReach.Local)],
            UseQkNorm = true,
        };
    }

    /// <inheritdoc/>
    protected override BlockWeights ReadBlock(LlamaReader r, string prefix) => base.ReadBlock(r, prefix) with
    {
        QueryNorm = PlusOne(r.Weights.Take(prefix + "self_attn.q_norm.weight", r.Config.DHead)),
        KeyNorm = PlusOne(r.Weights.Take(prefix + "self_attn.k_norm.weight", r.Config.DHead)),
    };
}
