using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>Checks that weights have the shapes that a configuration asks for.</summary>
internal static class WeightShapes
{
    /// <exception cref="ArgumentException">A weight is missing, too many or has another shape; the message names it.</exception>
    internal static void Check(HookedTransformerConfig c, ModelWeights weights)
    {
        Require(weights.Embed, "embed.W_E", c.DVocab, c.DModel);
        Present(weights.PosEmbed, "pos_embed.W_pos",
            c.PositionalEmbeddingType is PositionalEmbeddingType.Standard or PositionalEmbeddingType.Shortformer);
        Check(weights.EmbedNorm?.Weight, "embed.ln.w", c.PostEmbeddingLn, c.DModel);
        if (weights.PosEmbed is not null) Require(weights.PosEmbed, "pos_embed.W_pos", c.NCtx, c.DModel);
        if (weights.Blocks.Count != c.NLayers)
            throw new ArgumentException($"weights of {weights.Blocks.Count} layers for a configuration of {c.NLayers}");
        for (var layer = 0; layer < c.NLayers; layer++) Check(c, weights.Blocks[layer], $"blocks.{layer}.");
        Check(c, weights.LnFinal, "ln_final");
        Check(weights.Unembed, "unembed.W_U", "unembed.b_U", c.DModel, c.OutputSize);
        foreach (var (name, tensor) in weights.Named())
            if (tensor.dtype != c.Dtype)
                throw new ArgumentException($"weight '{name}' is {tensor.dtype.TorchName()}, the configuration says {c.Dtype.TorchName()}");
    }

    private static void Check(HookedTransformerConfig c, BlockWeights block, string prefix)
    {
        Check(c, block.Ln1, prefix + "ln1");
        Check(block.Qkv, prefix + "attn.W_QKV", prefix + "attn.b_QKV", c.DModel, (c.NHeads + 2 * c.KeyValueHeads) * c.DHead);
        Check(block.Out, prefix + "attn.W_O", prefix + "attn.b_O", c.NHeads * c.DHead, c.DModel);
        Check(block.QueryNorm, prefix + "attn.q_norm.w", c.UseQkNorm, c.DHead);
        Check(block.KeyNorm, prefix + "attn.k_norm.w", c.UseQkNorm, c.DHead);
        CheckBehind(c, block.Ln1Post, prefix + "ln1_post");
        Present(block.Mlp, prefix + "mlp", !c.AttnOnly && c.NumExperts is null);
        Present(block.Moe, prefix + "mlp.experts", c.NumExperts is not null);
        if (c.AttnOnly) return;
        Check(c, block.Ln2, prefix + "ln2");
        CheckBehind(c, block.Ln2Post, prefix + "ln2_post");
        if (block.Mlp is not null) Check(c, block.Mlp, prefix + "mlp.");
        if (block.Moe is null) return;
        Check(block.Moe.Router, prefix + "mlp.W_router", prefix + "mlp.b_router", c.DModel, c.NumExperts!.Value);
        if (block.Moe.Experts.Count != c.NumExperts)
            throw new ArgumentException($"{prefix}mlp has {block.Moe.Experts.Count} experts, the configuration asks for {c.NumExperts}");
        for (var k = 0; k < block.Moe.Experts.Count; k++) Check(c, block.Moe.Experts[k], $"{prefix}mlp.experts.{k}.");
    }

    private static void Check(HookedTransformerConfig c, MlpWeights mlp, string prefix)
    {
        Check(mlp.In, prefix + "W_in", prefix + "b_in", c.DModel, c.DMlp);
        Check(mlp.Out, prefix + "W_out", prefix + "b_out", c.DMlp, c.DModel);
        Present(mlp.Gate, prefix + "W_gate", c.GatedMlp);
        if (mlp.Gate is not null) Check(mlp.Gate, prefix + "W_gate", prefix + "b_gate", c.DModel, c.DMlp);
        Check(mlp.Ln?.Weight, prefix + "ln.w", c.ActFn == "solu_ln" && c.NormalizationType == NormalizationType.LN, c.DMlp);
    }

    private static void Check(Tensor? tensor, string name, bool expected, long size)
    {
        Present(tensor, name, expected);
        if (tensor is not null) Require(tensor, name, size);
    }

    private static void Check(HookedTransformerConfig c, NormWeights? norm, string name)
    {
        var hasWeight = c.NormalizationType is NormalizationType.LN or NormalizationType.RMS;
        Present(norm?.Weight, name + ".w", hasWeight);
        if (norm?.Weight is not null) Require(norm.Weight, name + ".w", c.DModel);
        if (norm?.Bias is null) return;
        Present(norm.Bias, name + ".b", c.NormalizationType == NormalizationType.LN);
        Require(norm.Bias, name + ".b", c.DModel);
    }

    /// <summary>No linear map reads a norm behind attention or MLP: it keeps its weights when the others are folded.</summary>
    private static void CheckBehind(HookedTransformerConfig c, NormWeights? norm, string name)
    {
        if (!c.UseNormalizationBeforeAndAfter) Present(norm, name, false);
        else if (norm?.Weight is null || c.NormalizationType is not (NormalizationType.LNPre or NormalizationType.RMSPre))
            Check(c, norm, name);
        else
        {
            Require(norm.Weight, name + ".w", c.DModel);
            if (norm.Bias is not null) Require(norm.Bias, name + ".b", c.DModel);
        }
    }

    private static void Check(LinearWeights linear, string weight, string bias, long input, long output)
    {
        Require(linear.Weight, weight, input, output);
        if (linear.Bias is not null) Require(linear.Bias, bias, output);
    }

    private static void Require(Tensor tensor, string name, params long[] shape)
    {
        if (!tensor.shape.AsSpan().SequenceEqual(shape))
            throw new ArgumentException(
                $"weight '{name}' has the shape [{string.Join(", ", tensor.shape)}], the configuration asks for [{string.Join(", ", shape)}]");
    }

    private static void Present(object? weight, string name, bool expected)
    {
        if (weight is null && expected) throw new ArgumentException($"weight '{name}' is missing");
        if (weight is not null && !expected) throw new ArgumentException($"weight '{name}' has no place in this configuration");
    }
}
