using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Llama;

/// <summary>Phi-3: Llama with one matrix for queries, keys and values and one for gate and linear branch.</summary>
internal sealed class Phi3Layout : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face Phi-3";

    /// <inheritdoc/>
    protected override string ModelType => "phi3";

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common)
    {
        c.Expect("partial_rotary_factor", 1.0);
        // Read by the scaling "longrope" only, which is refused.
        c.Skip("original_max_position_embeddings");
        return common with
        {
            ActFn = c.Activation("hidden_act", "silu"),
            Eps = c.Double("rms_norm_eps", 1e-5),
            WindowSize = c.OptionalSize("sliding_window"),
        };
    }

    /// <inheritdoc/>
    protected override BlockWeights ReadBlock(LlamaReader r, string prefix) => new(
        r.Norm(prefix + "input_layernorm"),
        r.FusedQkv(prefix + "self_attn.qkv_proj"),
        r.Attention(prefix + "self_attn.o_proj", bias: false),
        r.Norm(prefix + "post_attention_layernorm"),
        ReadMlp(r, prefix + "mlp."));

    /// <summary>The gate's rows stand above those of the linear branch.</summary>
    private static MlpWeights ReadMlp(LlamaReader r, string prefix)
    {
        using var scope = torch.NewDisposeScope();
        var (width, neurons) = (r.Config.DModel, r.Config.DMlp);
        var both = r.Weights.Take(prefix + "gate_up_proj.weight", 2 * neurons, width);
        LinearWeights Rows(long first) => new(scope.MoveToOuter(both.narrow(0, first, neurons).t()), null);
        var back = scope.MoveToOuter(r.Weights.Take(prefix + "down_proj.weight", width, neurons).t());
        return new MlpWeights(Rows(neurons), new LinearWeights(back, null), Rows(0));
    }
}
