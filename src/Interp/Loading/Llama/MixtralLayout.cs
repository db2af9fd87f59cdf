using Interp.Models;

namespace Interp.Loading.Llama;

/// <summary>
/// Mixtral: Mistral with a mixture of experts in place of the MLP (Jiang et al. 2024). Of an expert, <c>w1</c> is the
/// gate, <c>w3</c> the linear branch, <c>w2</c> the way back.
/// </summary>
internal sealed class MixtralLayout : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face Mixtral";

    /// <inheritdoc/>
    protected override string ModelType => "mixtral";

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common)
    {
        // Used in training only.
        c.Skip("output_router_logits", "router_aux_loss_coef", "router_jitter_noise");
        return common with
        {
            ActFn = c.Activation("hidden_act", "silu"),
            Eps = c.Double("rms_norm_eps", 1e-5),
            WindowSize = c.OptionalSize("sliding_window"),
            NumExperts = c.Size("num_local_experts", 8),
            ExpertsPerToken = c.Size("num_experts_per_tok", 2),
        };
    }

    /// <inheritdoc/>
    protected override BlockWeights ReadBlock(LlamaReader r, string prefix)
    {
        var (experts, moe) = (r.Config.NumExperts!.Value, prefix + "block_sparse_moe.");
        return new BlockWeights(
            r.Norm(prefix + "input_layernorm"),
            r.Qkv(prefix + "self_attn.", bias: false),
            r.Attention(prefix + "self_attn.o_proj", bias: false),
            r.Norm(prefix + "post_attention_layernorm"),
            null)
        {
            Moe = new MoeWeights(
                r.Linear(moe + "gate", r.Config.DModel, experts, bias: false),
                [.. Enumerable.Range(0, experts).Select(e => $"{moe}experts.{e}.").Select(e => r.GatedMlp(e + "w3", e + "w2", e + "w1"))]),
        };
    }
}
