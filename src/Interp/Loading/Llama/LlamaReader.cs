using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Llama;

/// <summary>Reads the pieces that models built like Llama are made of; matrices are stored [out, in].</summary>
/// <param name="Weights">The file.</param>
/// <param name="Config">The sizes.</param>
/// <param name="Settings">The settings of the file, all read by now.</param>
internal sealed record LlamaReader(WeightReader Weights, HookedTransformerConfig Config, ConfigReader Settings)
{
    private long QueryRows => (long)Config.NHeads * Config.DHead;

    private long KeyRows => (long)Config.KeyValueHeads * Config.DHead;

    /// <summary>The scale of an RMSNorm, and the shift too of a LayerNorm.</summary>
    internal NormWeights Norm(string name) => new(
        Weights.Take(name + ".weight", Config.DModel),
        Config.NormalizationType == NormalizationType.LN ? Weights.Take(name + ".bias", Config.DModel) : null);

    /// <summary>Three matrices <c>q_proj</c>, <c>k_proj</c> and <c>v_proj</c>.</summary>
    internal LinearWeights Qkv(string prefix, bool bias)
    {
        using var scope = torch.NewDisposeScope();
        Tensor Weight(string name, long rows) => Weights.Take($"{prefix}{name}.weight", rows, Config.DModel);
        Tensor Bias(string name, long rows) => Weights.Take($"{prefix}{name}.bias", rows);
        var weight = Fused.FromLinears(Weight("q_proj", QueryRows), Weight("k_proj", KeyRows), Weight("v_proj", KeyRows));
        var shift = bias ? Fused.Biases(Bias("q_proj", QueryRows), Bias("k_proj", KeyRows), Bias("v_proj", KeyRows)) : null;
        return new LinearWeights(scope.MoveToOuter(weight), shift is null ? null : scope.MoveToOuter(shift));
    }

    /// <summary>One matrix with queries, keys and values one below the other.</summary>
    internal LinearWeights FusedQkv(string name) => Linear(name, Config.DModel, QueryRows + 2 * KeyRows, bias: false);

    /// <summary>From the heads back to the stream.</summary>
    internal LinearWeights Attention(string name, bool bias) => Linear(name, QueryRows, Config.DModel, bias);

    /// <summary><c>gate_proj</c>, <c>up_proj</c>, <c>down_proj</c>.</summary>
    internal MlpWeights GatedMlp(string prefix, bool bias = false) =>
        GatedMlp(prefix + "up_proj", prefix + "down_proj", prefix + "gate_proj", bias);

    /// <summary>A gated MLP by the names of its three matrices.</summary>
    internal MlpWeights GatedMlp(string into, string back, string gate, bool bias = false) => new(
        Linear(into, Config.DModel, Config.DMlp, bias),
        Linear(back, Config.DMlp, Config.DModel, bias),
        Linear(gate, Config.DModel, Config.DMlp, bias));

    /// <summary>A matrix stored as PyTorch's Linear does, [out, in], seen as [in, out].</summary>
    internal LinearWeights Linear(string name, long input, long output, bool bias)
    {
        using var scope = torch.NewDisposeScope();
        var weight = scope.MoveToOuter(Weights.Take(name + ".weight", output, input).t());
        return new LinearWeights(weight, bias ? scope.MoveToOuter(Weights.Take(name + ".bias", output)) : null);
    }
}
