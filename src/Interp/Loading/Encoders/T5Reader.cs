using Interp.Models;
using Interp.Models.Encoders;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Encoders;

/// <summary>Reads the weights of Hugging Face's T5; matrices are stored [out, in] and nothing has a bias.</summary>
/// <param name="r">The file.</param>
/// <param name="c">The sizes.</param>
internal sealed class T5Reader(WeightReader r, HookedEncoderDecoderConfig c)
{
    /// <summary>Everything in the file.</summary>
    /// <exception cref="ModelLoadException">A weight is missing, left over or of another shape.</exception>
    internal EncoderDecoderWeights Read()
    {
        var embed = r.Take("shared.weight", c.DVocab, c.DModel);
        RequireCopy("encoder.embed_tokens.weight", embed);
        RequireCopy("decoder.embed_tokens.weight", embed);
        // A table that the first release has and no version of the model reads.
        r.Skip(name => name == "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight");
        var weights = new EncoderDecoderWeights(embed, Stack("encoder.", c.NLayers, isDecoder: false), Stack("decoder.", c.NDecoderLayers, isDecoder: true),
            Unembedding.Read(r, embed, c.TieWordEmbeddings));
        r.Finish();
        return weights;
    }

    private EncoderDecoderStackWeights Stack(string prefix, int layers, bool isDecoder) => new(
        r.Take(prefix + "block.0.layer.0.SelfAttention.relative_attention_bias.weight", c.RelativeAttentionNumBuckets, c.NHeads),
        [.. Enumerable.Range(0, layers).Select(layer => Block($"{prefix}block.{layer}.layer.", isDecoder))],
        Norm(prefix + "final_layer_norm"));

    private EncoderDecoderBlockWeights Block(string prefix, bool isDecoder)
    {
        var last = isDecoder ? 2 : 1;
        return new EncoderDecoderBlockWeights(
            Norm(prefix + "0.layer_norm"), Attention(prefix + "0.SelfAttention."), Norm(prefix + "1.layer_norm"), Mlp($"{prefix}{last}.DenseReluDense."))
        {
            CrossAttention = isDecoder ? Attention(prefix + "1.EncDecAttention.") : null,
            Ln3 = isDecoder ? Norm(prefix + "2.layer_norm") : null,
        };
    }

    private AttentionWeights Attention(string prefix)
    {
        using var scope = torch.NewDisposeScope();
        var inner = (long)c.NHeads * c.DHead;
        var parts = "qkv".Select(letter => r.Take($"{prefix}{letter}.weight", inner, c.DModel)).ToArray();
        var qkv = scope.MoveToOuter(Fused.FromLinears(parts[0], parts[1], parts[2]));
        return new AttentionWeights(new LinearWeights(qkv, null), MoveOut(scope, Linear(prefix + "o", inner, c.DModel)), c.NHeads);
    }

    /// <summary>A gated MLP has two first matrices: the gate, and the linear one.</summary>
    private MlpWeights Mlp(string prefix) => c.GatedMlp
        ? new MlpWeights(Linear(prefix + "wi_1", c.DModel, c.DMlp), Linear(prefix + "wo", c.DMlp, c.DModel), Linear(prefix + "wi_0", c.DModel, c.DMlp))
        : new MlpWeights(Linear(prefix + "wi", c.DModel, c.DMlp), Linear(prefix + "wo", c.DMlp, c.DModel), null);

    private NormWeights Norm(string name) => new(r.Take(name + ".weight", c.DModel), null);

    private LinearWeights Linear(string name, long input, long output)
    {
        using var stored = r.Take(name + ".weight", output, input);
        return new LinearWeights(stored.t(), null);
    }

    private static LinearWeights MoveOut(DisposeScope scope, LinearWeights linear) => linear with { Weight = scope.MoveToOuter(linear.Weight) };

    /// <summary>Some files store the embedding again for each side.</summary>
    private void RequireCopy(string name, Tensor embed)
    {
        if (!r.Has(name)) return;
        using var stored = r.Take(name, embed.shape);
        if (!stored.Equals(embed))
            throw new ModelLoadException($"{r.Path}: '{name}' differs from 'shared.weight'; an embedding for each side is not supported");
    }
}
