using Interp.Models;

namespace Interp.Hooks;

/// <summary>
/// Which points of a model show one and the same memory, so that keeping both costs no more than keeping one.
/// </summary>
internal sealed class SharedPoints
{
    private readonly HookedTransformerConfig config;
    private readonly Dictionary<string, string> sameAs = [];

    internal SharedPoints(HookedTransformer model)
    {
        config = model.Config;
        if (config.PostEmbeddingLn) Same("embed.ln.hook_normalized", "hook_embed");
        if (config.PositionalEmbeddingType != PositionalEmbeddingType.Standard)
            Same("blocks.0.hook_resid_pre", "hook_embed");
        for (var layer = 0; layer < config.NLayers; layer++) AddBlock(layer, model.Weights.Blocks[layer]);
        if (config.NormalizationType == NormalizationType.None)
            Same("unembed.hook_in", $"blocks.{config.NLayers - 1}.hook_resid_post");
        else if (PassesOn(model.Weights.LnFinal)) Same("unembed.hook_in", "ln_final.hook_normalized");
    }

    /// <summary>The name that stands for all points of one memory.</summary>
    internal string Representative(string name)
    {
        while (sameAs.TryGetValue(name, out var other)) name = other;
        return name;
    }

    private void AddBlock(int layer, BlockWeights weights)
    {
        var block = $"blocks.{layer}.";
        if (layer > 0) Same(block + "hook_resid_pre", $"blocks.{layer - 1}.hook_resid_post");
        if (config.AttnOnly) return;
        Same(block + "hook_mlp_in", block + (config.ParallelAttnMlp ? "hook_resid_pre" : "hook_resid_mid"));
        if (config.ActFn == "solu_ln") Same(block + "mlp.hook_post", block + "mlp.ln.hook_normalized");
        if (!config.UseNormalizationBeforeAndAfter || config.NormalizationType == NormalizationType.None) return;
        if (PassesOn(weights.Ln1Post)) Same(block + "hook_attn_out", block + "ln1_post.hook_normalized");
        if (PassesOn(weights.Ln2Post)) Same(block + "hook_mlp_out", block + "ln2_post.hook_normalized");
    }

    /// <summary>
    /// Whether what a norm shows is what it gives on: an RMSNorm multiplies with its weight in between.
    /// </summary>
    private bool PassesOn(NormWeights? weights) =>
        config.NormalizationType is NormalizationType.LN or NormalizationType.LNPre
        || (weights?.Weight is null && weights?.Bias is null);

    private void Same(string name, string other) => sameAs[name] = other;
}
