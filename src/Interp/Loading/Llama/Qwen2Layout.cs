using Interp.Models;

namespace Interp.Loading.Llama;

/// <summary>Qwen 2: Llama with biases of queries, keys and values.</summary>
internal sealed class Qwen2Layout : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face Qwen 2";

    /// <inheritdoc/>
    protected override string ModelType => "qwen2";

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common)
    {
        var layers = common.NLayers;
        // Layers from max_window_layers on see a window, if windows are used at all.
        var (windowed, window, first) = (c.Bool("use_sliding_window", false), c.OptionalSize("sliding_window"), c.Int("max_window_layers", layers));
        return QwenWindows.Apply(c, common, windowed ? window : null, first) with
        {
            // Its tokenizer puts nothing before a text.
            DefaultPrependBos = false,
            ActFn = c.Activation("hidden_act", "silu"),
            Eps = c.Double("rms_norm_eps", 1e-6),
        };
    }

    /// <inheritdoc/>
    protected override BlockWeights ReadBlock(LlamaReader r, string prefix) => new(
        r.Norm(prefix + "input_layernorm"),
        r.Qkv(prefix + "self_attn.", bias: true),
        r.Attention(prefix + "self_attn.o_proj", bias: false),
        r.Norm(prefix + "post_attention_layernorm"),
        r.GatedMlp(prefix + "mlp."));
}
