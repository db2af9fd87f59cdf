using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Llama;

/// <summary>
/// Phi 1 and 2: attention and an ordinary MLP side by side behind one LayerNorm, a part of each head rotated, biases
/// everywhere, also on the logits.
/// </summary>
internal sealed class PhiLayout : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face Phi";

    /// <inheritdoc/>
    protected override string ModelType => "phi";

    /// <inheritdoc/>
    protected override string FinalNorm => "final_layernorm";

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common)
    {
        c.Expect("qk_layernorm", false);
        c.Expect("tie_word_embeddings", false);
        return common with
        {
            // Its tokenizer puts nothing before a text.
            DefaultPrependBos = false,
            ActFn = c.Activation("hidden_act", "gelu_new"),
            GatedMlp = false,
            Eps = c.Double("layer_norm_eps", 1e-5),
            NormalizationType = NormalizationType.LN,
            RotaryDim = (int)(common.DHead * c.Double("partial_rotary_factor", 0.5)),
            ParallelAttnMlp = true,
        };
    }

    /// <inheritdoc/>
    protected override BlockWeights ReadBlock(LlamaReader r, string prefix)
    {
        var (c, norm) = (r.Config, r.Norm(prefix + "input_layernorm"));
        return new BlockWeights(
            norm,
            r.Qkv(prefix + "self_attn.", bias: true),
            r.Attention(prefix + "self_attn.dense", bias: true),
            norm,
            new MlpWeights(
                r.Linear(prefix + "mlp.fc1", c.DModel, c.DMlp, bias: true),
                r.Linear(prefix + "mlp.fc2", c.DMlp, c.DModel, bias: true),
                null));
    }

    /// <inheritdoc/>
    protected override LinearWeights Unembed(LlamaReader r, Tensor storedEmbedding) =>
        r.Linear("lm_head", r.Config.DModel, r.Config.DVocab, bias: true);
}
