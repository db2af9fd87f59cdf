using Interp.Models;
using Interp.Models.Encoders;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Encoders;

/// <summary>Reads the weights of a model of the BERT family; matrices are stored [out, in].</summary>
/// <param name="r">The file.</param>
/// <param name="c">The sizes.</param>
/// <param name="names">What the weights are called.</param>
internal sealed class EncoderReader(WeightReader r, HookedEncoderConfig c, EncoderNames names)
{
    /// <summary>Everything in the file.</summary>
    /// <param name="tied">Whether the configuration says that the unembedding is the embedding.</param>
    /// <exception cref="ModelLoadException">A weight is missing, left over or of another shape.</exception>
    internal EncoderWeights Read(bool tied)
    {
        // The bare model is saved without the prefix.
        var prefix = r.Has(names.Prefix + "embeddings.word_embeddings.weight") ? names.Prefix : "";
        // Row numbers, which older versions saved with the weights.
        r.Skip(name => name.EndsWith("embeddings.position_ids", StringComparison.Ordinal)
            || name.EndsWith("embeddings.token_type_ids", StringComparison.Ordinal));
        var embeddings = prefix + "embeddings.";
        var embed = r.Take(embeddings + "word_embeddings.weight", c.DVocab, c.DModel);
        var weights = new EncoderWeights(
            embed,
            r.Take(embeddings + "position_embeddings.weight", c.PositionRows, c.DModel),
            c.TokenTypes == 0 ? null : r.Take(embeddings + "token_type_embeddings.weight", c.TokenTypes, c.DModel),
            Norm(embeddings + "LayerNorm"),
            [.. Enumerable.Range(0, c.NLayers).Select(layer => Block($"{prefix}{names.Layers}{layer}."))])
        {
            MaskedLm = r.Has(names.Transform + ".weight") ? MaskedLm(embed, tied) : null,
            Pooler = IfPresent(prefix + "pooler.dense", c.DModel),
            NextSentence = IfPresent("cls.seq_relationship", 2),
        };
        r.Finish();
        return weights;
    }

    private EncoderBlockWeights Block(string prefix) => new(
        new AttentionWeights(Qkv(prefix), Linear(prefix + names.Out, c.NHeads * (long)c.DHead, c.DModel), c.NHeads),
        Norm(prefix + names.Ln1),
        new MlpWeights(Linear(prefix + names.MlpIn, c.DModel, c.DMlp), Linear(prefix + names.MlpOut, c.DMlp, c.DModel), null),
        Norm(prefix + names.Ln2));

    private LinearWeights Qkv(string prefix)
    {
        using var scope = torch.NewDisposeScope();
        var inner = (long)c.NHeads * c.DHead;
        string[] parts = [prefix + names.Query, prefix + names.Key, prefix + names.Value];
        var w = parts.Select(name => r.Take(name + ".weight", inner, c.DModel)).ToArray();
        var b = parts.Select(name => r.Take(name + ".bias", inner)).ToArray();
        return new LinearWeights(scope.MoveToOuter(Fused.FromLinears(w[0], w[1], w[2])), scope.MoveToOuter(Fused.Biases(b[0], b[1], b[2])));
    }

    private MaskedLmWeights MaskedLm(Tensor embed, bool tied)
    {
        var bias = r.Take(names.DecoderBias, c.DVocab);
        // The bias may be stored under both its names; it is one.
        if (names.Decoder + ".bias" is var other && other != names.DecoderBias && r.Has(other)) RequireSame(other, bias, names.DecoderBias);
        return new MaskedLmWeights(Linear(names.Transform, c.DModel, c.DModel), Norm(names.HeadNorm), new LinearWeights(Decoder(embed, tied), bias));
    }

    private Tensor Decoder(Tensor embed, bool tied)
    {
        var name = names.Decoder + ".weight";
        if (!tied) return TransposedView(r.Take(name, embed.shape));
        if (r.Has(name)) RequireSame(name, embed, "word_embeddings.weight");
        return embed.t();
    }

    private void RequireSame(string name, Tensor expected, string original)
    {
        using var stored = r.Take(name, expected.shape);
        if (!stored.Equals(expected))
            throw new ModelLoadException(
                $"{r.Path}: the configuration ties '{name}' to '{original}', but the file holds other numbers there; " +
                "set \"tie_word_embeddings\": false if the weights were trained apart, or remove the copy");
    }

    private LinearWeights? IfPresent(string name, long output) => r.Has(name + ".weight") ? Linear(name, c.DModel, output) : null;

    private LinearWeights Linear(string name, long input, long output) =>
        new(TransposedView(r.Take(name + ".weight", output, input)), r.Take(name + ".bias", output));

    /// <summary>Files converted from the first release call scale and shift gamma and beta.</summary>
    private NormWeights Norm(string name)
    {
        var (scale, shift) = r.Has(name + ".gamma") ? (".gamma", ".beta") : (".weight", ".bias");
        return new NormWeights(r.Take(name + scale, c.DModel), r.Take(name + shift, c.DModel));
    }

    private static Tensor TransposedView(Tensor stored)
    {
        using (stored) return stored.t();
    }
}
