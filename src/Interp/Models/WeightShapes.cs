using Interp.Torch;

namespace Interp.Models;

/// <summary>Checks that weights have the shapes that a configuration asks for.</summary>
internal static class WeightShapes
{
    /// <exception cref="ArgumentException">A weight is missing, too many or has another shape; the message names it.</exception>
    internal static void Check(HookedTransformerConfig c, ModelWeights weights)
    {
        Require(weights.Embed, "embed.W_E", c.DVocab, c.DModel);
        Present(weights.PosEmbed, "pos_embed.W_pos", c.PositionalEmbeddingType == PositionalEmbeddingType.Standard);
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
        Present(block.Mlp, prefix + "mlp", !c.AttnOnly);
        if (block.Mlp is null) return;
        Check(c, block.Ln2, prefix + "ln2");
        Check(block.Mlp.In, prefix + "mlp.W_in", prefix + "mlp.b_in", c.DModel, c.DMlp);
        Check(block.Mlp.Out, prefix + "mlp.W_out", prefix + "mlp.b_out", c.DMlp, c.DModel);
        Present(block.Mlp.Gate, prefix + "mlp.W_gate", c.GatedMlp);
        if (block.Mlp.Gate is not null) Check(block.Mlp.Gate, prefix + "mlp.W_gate", prefix + "mlp.b_gate", c.DModel, c.DMlp);
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
