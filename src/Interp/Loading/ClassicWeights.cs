using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading;

/// <summary>
/// State dicts of the classic HookedTransformer: <c>embed.W_E</c>, <c>blocks.0.attn.W_Q</c> [head, d_model, d_head] …
/// </summary>
internal static class ClassicWeights
{
    /// <summary>The setting, this toolkit's addition, that says that attention and MLP of a block read one norm.</summary>
    internal const string TiedNorms = "tie_block_norms";

    /// <summary>Whether the names are the classic ones.</summary>
    internal static bool Recognizes(WeightReader r) => r.Has("embed.W_E") && r.Has("unembed.W_U") && r.Has("blocks.0.attn.W_Q");

    /// <summary>Reads them all.</summary>
    /// <param name="r">The file.</param>
    /// <param name="c">The configuration.</param>
    /// <param name="tied">Whether the unembedding shall be the embedding, if the two are still equal.</param>
    /// <param name="tiedNorms">Whether <c>ln2</c> shall be <c>ln1</c>, block by block, if the two are still equal.</param>
    internal static ModelWeights Read(WeightReader r, HookedTransformerConfig c, bool tied, bool tiedNorms)
    {
        // Buffers that every state dict repeats: the causal triangle, the value of hidden scores, rotary tables.
        string[] buffers = [".attn.mask", ".attn.IGNORE", ".rotary_sin", ".rotary_cos"];
        r.Skip(name => buffers.Any(buffer => name.EndsWith(buffer, StringComparison.Ordinal)));
        var embed = r.Take("embed.W_E", c.DVocab, c.DModel);
        var weights = new ModelWeights(
            embed,
            c.PositionalEmbeddingType is PositionalEmbeddingType.Standard or PositionalEmbeddingType.Shortformer
                ? r.Take("pos_embed.W_pos", c.NCtx, c.DModel)
                : null,
            WeightReader.Layers(c.NLayers, layer => Tie(ReadBlock(r, c, $"blocks.{layer}."), tiedNorms)),
            ReadNorm(r, c, "ln_final"),
            new LinearWeights(ReadUnembedding(r, c, embed, tied), r.TakeIfPresent("unembed.b_U", c.OutputSize)))
        {
            EmbedNorm = c.PostEmbeddingLn ? LayerNorm(r, "embed.ln", c.DModel) : null,
        };
        // The classic model has learned positions beside ALiBi and never reads them.
        if (c.PositionalEmbeddingType == PositionalEmbeddingType.Alibi) r.Skip(name => name == "pos_embed.W_pos");
        r.Finish();
        return weights;
    }

    /// <summary>The unembedding; state dicts hold it also where it is the embedding, and processing may have changed it.</summary>
    private static Tensor ReadUnembedding(WeightReader r, HookedTransformerConfig c, Tensor embed, bool tied)
    {
        using var scope = torch.NewDisposeScope();
        var stored = r.Take("unembed.W_U", c.DModel, c.OutputSize);
        var same = tied && c.OutputSize == c.DVocab ? embed.t() : null;
        return scope.MoveToOuter(same is not null && same.Equals(stored) ? same : stored);
    }

    /// <summary>State dicts hold one norm for attention and MLP (GPT-J, Phi, Falcon) under both names.</summary>
    private static BlockWeights Tie(BlockWeights block, bool tiedNorms)
    {
        return tiedNorms && block.Ln1 is { } one && block.Ln2 is { } two && Same(one.Weight, two.Weight) && Same(one.Bias, two.Bias)
            ? block with { Ln2 = one }
            : block;

        static bool Same(Tensor? a, Tensor? b) => a is null ? b is null : b is not null && a.Equals(b);
    }

    private static BlockWeights ReadBlock(WeightReader r, HookedTransformerConfig c, string prefix) => new(
        ReadNorm(r, c, prefix + "ln1"),
        ReadQkv(r, c, prefix + "attn."),
        ReadOut(r, c, prefix + "attn."),
        c.AttnOnly ? null : ReadNorm(r, c, prefix + "ln2"),
        c.AttnOnly || c.NumExperts is not null ? null : ReadMlp(r, c, prefix + "mlp."))
    {
        Moe = c.NumExperts is { } experts ? ReadExperts(r, c, prefix + "mlp.", experts) : null,
        QueryNorm = c.UseQkNorm ? r.Take(prefix + "attn.q_norm.w", c.DHead) : null,
        KeyNorm = c.UseQkNorm ? r.Take(prefix + "attn.k_norm.w", c.DHead) : null,
        Ln1Post = c.UseNormalizationBeforeAndAfter ? ReadPostNorm(r, c, prefix + "ln1_post") : null,
        Ln2Post = c.UseNormalizationBeforeAndAfter && !c.AttnOnly ? ReadPostNorm(r, c, prefix + "ln2_post") : null,
    };

    private static NormWeights? ReadNorm(WeightReader r, HookedTransformerConfig c, string name) => c.NormalizationType switch
    {
        NormalizationType.LN => LayerNorm(r, name, c.DModel),
        NormalizationType.RMS => new NormWeights(r.Take(name + ".w", c.DModel), null),
        _ => null,
    };

    /// <summary>A norm behind attention or MLP keeps its weights where those before them are folded.</summary>
    private static NormWeights? ReadPostNorm(WeightReader r, HookedTransformerConfig c, string name) => ReadNorm(r, c with
    {
        NormalizationType = c.NormalizationType switch
        {
            NormalizationType.LNPre when r.Has(name + ".w") => NormalizationType.LN,
            NormalizationType.RMSPre when r.Has(name + ".w") => NormalizationType.RMS,
            var same => same,
        },
    }, name);

    /// <summary>The classic LayerNorm has a bias; that of a model which was saved from here may have none, as its linear maps.</summary>
    private static NormWeights LayerNorm(WeightReader r, string name, long width) =>
        new(r.Take(name + ".w", width), r.TakeIfPresent(name + ".b", width));

    private static LinearWeights ReadQkv(WeightReader r, HookedTransformerConfig c, string prefix)
    {
        using var scope = torch.NewDisposeScope();
        // With grouped queries the classic model keeps keys and values under an underscore, one a group.
        string Name(string weight) => prefix + (r.Has(prefix + "_" + weight) ? "_" : "") + weight;
        Tensor Take(string weight, int heads) => r.Take(Name(weight), heads, c.DModel, c.DHead);
        Tensor? Bias(string bias, int heads) => r.TakeIfPresent(Name(bias), heads, c.DHead);
        var weight = Fused.FromHeads(Take("W_Q", c.NHeads), Take("W_K", c.KeyValueHeads), Take("W_V", c.KeyValueHeads));
        var (q, k, v) = (Bias("b_Q", c.NHeads), Bias("b_K", c.KeyValueHeads), Bias("b_V", c.KeyValueHeads));
        if ((q is null) != (k is null) || (q is null) != (v is null))
            throw new ModelLoadException($"{r.Path}: of b_Q, b_K and b_V below '{prefix}' some are there and some are missing");
        var bias = q is null ? null : Fused.Biases(q, k!, v!);
        if (bias is not null) scope.MoveToOuter(bias);
        return new LinearWeights(scope.MoveToOuter(weight), bias);
    }

    private static LinearWeights ReadOut(WeightReader r, HookedTransformerConfig c, string prefix)
    {
        using var scope = torch.NewDisposeScope();
        var weight = r.Take(prefix + "W_O", c.NHeads, c.DHead, c.DModel).reshape((long)c.NHeads * c.DHead, c.DModel);
        var bias = r.TakeIfPresent(prefix + "b_O", c.DModel);
        if (bias is not null) scope.MoveToOuter(bias);
        return new LinearWeights(scope.MoveToOuter(weight), bias);
    }

    private static MlpWeights ReadMlp(WeightReader r, HookedTransformerConfig c, string prefix) => new(
        new LinearWeights(r.Take(prefix + "W_in", c.DModel, c.DMlp), r.TakeIfPresent(prefix + "b_in", c.DMlp)),
        new LinearWeights(r.Take(prefix + "W_out", c.DMlp, c.DModel), r.TakeIfPresent(prefix + "b_out", c.DModel)),
        c.GatedMlp ? new LinearWeights(r.Take(prefix + "W_gate", c.DModel, c.DMlp), r.TakeIfPresent(prefix + "b_gate", c.DMlp)) : null,
        c.ActFn == "solu_ln" && c.NormalizationType == NormalizationType.LN ? LayerNorm(r, prefix + "ln", c.DMlp) : null);

    /// <summary>The router and the experts, which the classic model stores as PyTorch's Linear does, [out, in].</summary>
    private static MoeWeights ReadExperts(WeightReader r, HookedTransformerConfig c, string prefix, int experts)
    {
        return new MoeWeights(
            Linear(prefix + "W_gate", c.DModel, experts),
            WeightReader.Layers(experts, k => new MlpWeights(
                Linear($"{prefix}experts.{k}.W_in", c.DModel, c.DMlp),
                Linear($"{prefix}experts.{k}.W_out", c.DMlp, c.DModel),
                Linear($"{prefix}experts.{k}.W_gate", c.DModel, c.DMlp))));

        LinearWeights Linear(string name, long input, long output)
        {
            using var scope = torch.NewDisposeScope();
            var bias = r.TakeIfPresent(name + ".bias", output);
            return new LinearWeights(scope.MoveToOuter(r.Take(name + ".weight", output, input).t()), bias is null ? null : scope.MoveToOuter(bias));
        }
    }
}
