using Interp.Models;

namespace Interp.Loading.Llama;

/// <summary>Qwen 3: Llama with an RMSNorm on every head's queries and keys and no biases (Yang et al. 2025).</summary>
internal sealed class Qwen3Layout : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face Qwen 3";

    /// <inheritdoc/>
    protected override string ModelType => "qwen3";

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common)
    {
        c.Expect("attention_bias", false);
        var (windowed, window, first) = (c.Bool("use_sliding_window", false), c.OptionalSize("sliding_window"), c.Int("max_window_layers", common.NLayers));
        return QwenWindows.Apply(c, common, windowed ? window : null, first) with
        {
            // The configuration class has 128 where a file does not say.
            DHead = c.OptionalSize("head_dim") ?? 128,
            // Its tokenizer puts nothing before a text.
            DefaultPrependBos = false,
            ActFn = c.Activation("hidden_act", "silu"),
            Eps = c.Double("rms_norm_eps", 1e-6),
            UseQkNorm = true,
        };
    }

    /// <inheritdoc/>
    protected override BlockWeights ReadBlock(LlamaReader r, string prefix) => base.ReadBlock(r, prefix) with
    {
        QueryNorm = r.Weights.Take(prefix + "self_attn.q_norm.weight", r.Config.DHead),
        KeyNorm = r.Weights.Take(prefix + "self_attn.k_norm.weight", r.Config.DHead),
    };
}
