using System.Text.RegularExpressions;
using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading;

/// <summary>
/// The saved runs of Nanda's grokking experiments (Nanda et al. 2023, "Progress measures for grokking via mechanistic
/// interpretability"): a dict of model, optimizer, losses and settings, of which only <c>model</c> is the network.
/// </summary>
/// <remarks>
/// All matrices act from the left there and from the right here, so each is seen transposed: embed.W_E [d_model, vocab],
/// attn.W_Q, W_K, W_V [head, d_head, d_model], attn.W_O [d_model, head · d_head], mlp.W_in [d_mlp, d_model],
/// mlp.W_out [d_model, d_mlp]; pos_embed.W_pos [n_ctx, d_model] and unembed.W_U [d_model, vocab] stand as they do here.
/// The network has no norms, no biases in attention, and scores divided by √d_head.
/// </remarks>
internal sealed partial class GrokkingLayout : IModelLayout
{
    private const string Prefix = "model.";

    public string Name => "grokking runs of Nanda et al.";

    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) =>
        config is null && file.Has(Prefix + "embed.W_E") && file.Has(Prefix + "unembed.W_U") && file.Names.Any(name => BlockName().IsMatch(name));

    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var reader = new WeightReader(file, options, Prefix);
        var blocks = file.Names.Select(name => BlockName().Match(name)).First(match => match.Success).Groups["blocks"].Value;
        var config = ReadConfig(reader, file, blocks, options).Validate();
        return (config, ReadWeights(reader, config, blocks));
    }

    private static HookedTransformerConfig ReadConfig(WeightReader r, WeightFile file, string blocks, LoadOptions options)
    {
        var embed = r.Dimensions("embed.W_E", 2);
        var heads = r.Dimensions($"{blocks}.0.attn.W_Q", 3);
        var mlp = $"{blocks}.0.mlp.W_in";
        return new HookedTransformerConfig
        {
            NLayers = Count(r, blocks),
            DModel = Size(embed[0]),
            DVocab = Size(embed[1]),
            DVocabOut = Size(r.Dimensions("unembed.W_U", 2)[1]),
            NCtx = Size(r.Dimensions("pos_embed.W_pos", 2)[0]),
            NHeads = Size(heads[0]),
            DHead = Size(heads[1]),
            AttnOnly = !r.Has(mlp),
            DMlp = r.Has(mlp) ? Size(r.Dimensions(mlp, 2)[0]) : 0,
            ActFn = r.Has(mlp) ? Activation(file) : null,
            NormalizationType = NormalizationType.None,
            Dtype = options.Dtype,
        };

        int Size(long size) => size <= int.MaxValue ? (int)size : throw new ModelLoadException($"{r.Path}: a size of {size} is none of a network");
    }

    /// <summary>The settings name it; runs that do not were made with the default of their program, ReLU.</summary>
    private static string Activation(WeightFile file)
    {
        foreach (var name in (string[])["config.act_type", "model_config.act_type"])
            if (file.Values.TryGetValue(name, out var value) && value is string type) return type.ToLowerInvariant();
        return "relu";
    }

    private static int Count(WeightReader r, string blocks)
    {
        var layers = 0;
        while (r.Has($"{blocks}.{layers}.attn.W_Q")) layers++;
        return layers;
    }

    private static ModelWeights ReadWeights(WeightReader r, HookedTransformerConfig c, string blocks)
    {
        using var scope = torch.NewDisposeScope();
        r.Skip(name => name.EndsWith(".attn.mask", StringComparison.Ordinal));
        var weights = new ModelWeights(
            // Looked up row by row, so the rows are laid side by side.
            r.Take("embed.W_E", c.DModel, c.DVocab).t().contiguous(),
            r.Take("pos_embed.W_pos", c.NCtx, c.DModel),
            WeightReader.Layers(c.NLayers, layer => ReadBlock(r, c, $"{blocks}.{layer}.")),
            null,
            new LinearWeights(r.Take("unembed.W_U", c.DModel, c.OutputSize), null));
        r.Finish();
        foreach (var (_, tensor) in weights.Named()) scope.MoveToOuter(tensor);
        return weights;
    }

    private static BlockWeights ReadBlock(WeightReader r, HookedTransformerConfig c, string prefix)
    {
        var width = c.NHeads * c.DHead;
        Tensor Heads(string name) => r.Take(prefix + "attn." + name, c.NHeads, c.DHead, c.DModel).reshape(width, c.DModel);
        return new BlockWeights(
            null,
            new LinearWeights(Fused.FromLinears(Heads("W_Q"), Heads("W_K"), Heads("W_V")), null),
            new LinearWeights(r.Take(prefix + "attn.W_O", c.DModel, width).t(), null),
            null,
            c.AttnOnly ? null : new MlpWeights(
                new LinearWeights(r.Take(prefix + "mlp.W_in", c.DMlp, c.DModel).t(), r.Take(prefix + "mlp.b_in", c.DMlp)),
                new LinearWeights(r.Take(prefix + "mlp.W_out", c.DModel, c.DMlp).t(), r.Take(prefix + "mlp.b_out", c.DModel)),
                null));
    }

    [GeneratedRegex("^model\\.(?<blocks>blocks|attn_blocks)\\.0\\.attn\\.W_Q$", RegexOptions.CultureInvariant)]
    private static partial Regex BlockName();
}
