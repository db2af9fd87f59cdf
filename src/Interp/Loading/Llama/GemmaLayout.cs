using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Llama;

/// <summary>
/// Gemma (Gemma Team 2024): norms scale by 1 + weight, the embedding is multiplied by √d_model on the way in and used as it is
/// on the way out.
/// </summary>
internal class GemmaLayout : LlamaFamily
{
    /// <inheritdoc/>
    public override string Name => "Hugging Face Gemma";

    /// <inheritdoc/>
    protected override string ModelType => "gemma";

    /// <inheritdoc/>
    protected override bool TiedByDefault => true;

    /// <inheritdoc/>
    protected override HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common)
    {
        c.Expect("attention_bias", false);
        // hidden_activation counts; where it is missing the reference uses the tanh form whatever hidden_act says.
        c.Skip("hidden_act");
        return common with
        {
            DHead = c.Size("head_dim", 256),
            ActFn = c.Activation("hidden_activation", "gelu_pytorch_tanh"),
            Eps = c.Double("rms_norm_eps", 1e-6),
        };
    }

    /// <inheritdoc/>
    protected override NormWeights Norm(LlamaReader r, string name) => new(PlusOne(r.Weights.Take(name + ".weight", r.Config.DModel)), null);

    /// <inheritdoc/>
    protected override Tensor Embedding(Tensor stored, HookedTransformerConfig config)
    {
        // The reference rounds the root to the element type before it multiplies.
        using var root = torch.tensor(Math.Sqrt(config.DModel), config.Dtype, stored.device);
        return stored * root;
    }

    /// <summary>A scale that is stored as its difference from 1.</summary>
    protected static Tensor PlusOne(Tensor stored)
    {
        using (stored) return stored + 1;
    }
}
