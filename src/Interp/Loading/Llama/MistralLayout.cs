using Interp.Models;

namespace Interp.Loading.Llama;

/// <summary>Mistral: Llama with attention over a sliding window (Jiang et al. 2023).</summary>
internal sealed class MistralLayout : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face Mistral";

    /// <inheritdoc/>
    protected override string ModelType => "mistral";

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common) => common with
    {
        ActFn = c.Activation("hidden_act", "silu"),
        Eps = c.Double("rms_norm_eps", 1e-6),
        WindowSize = c.OptionalSize("sliding_window"),
    };
}
