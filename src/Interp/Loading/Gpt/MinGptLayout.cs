using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Gpt;

/// <summary>
/// State dicts of Karpathy's minGPT as first published in 2020, which Othello-GPT and other research models descend from:
/// separate maps for queries, keys and values, positions [1, n_ctx, d_model], <c>nn.GELU</c>.
/// </summary>
internal sealed class MinGptLayout : IModelLayout
{
    private const string Attention = "blocks.0.attn.key.weight";
    private static readonly string[] Prefixes = ["", "model."];

    public string Name => "minGPT";

    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) =>
        config?.Has("model_type") != true
        && GptStateDict.PrefixOf(file, Prefixes, Attention) is { } prefix
        && file.Has(prefix + "tok_emb.weight") && file.Has(prefix + "pos_emb");

    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var reader = new WeightReader(file, options, GptStateDict.PrefixOf(file, Prefixes, Attention)!);
        var config = Sizes(reader).Config(source, file, options, activation: "gelu").Validate();
        return (config, ReadWeights(reader, config));
    }

    private static GptStateDict Sizes(WeightReader r)
    {
        var (embed, positions, mlp) = (r.Dimensions("tok_emb.weight", 2), r.Dimensions("pos_emb", 3), r.Dimensions("blocks.0.mlp.0.weight", 2));
        var layers = 0;
        while (r.Has($"blocks.{layers}.attn.key.weight")) layers++;
        return new GptStateDict(layers, GptStateDict.Size(r, embed[1]), GptStateDict.Size(r, positions[1]), GptStateDict.Size(r, embed[0]),
            GptStateDict.Size(r, mlp[0]));
    }

    private static ModelWeights ReadWeights(WeightReader r, HookedTransformerConfig c)
    {
        // The causal triangle.
        r.Skip(name => name.EndsWith(".attn.mask", StringComparison.Ordinal));
        var embed = r.Take("tok_emb.weight", c.DVocab, c.DModel);
        var weights = new ModelWeights(
            embed,
            ReadPositions(r, c),
            WeightReader.Layers(c.NLayers, layer => ReadBlock(r, c, $"blocks.{layer}.")),
            TorchLayers.Norm(r, c, "ln_f"),
            TorchLayers.Linear(r, "head", c.DModel, c.DVocab, bias: false));
        r.Finish();
        return weights;
    }

    private static Tensor ReadPositions(WeightReader r, HookedTransformerConfig c)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(r.Take("pos_emb", 1, c.NCtx, c.DModel).select(0, 0));
    }

    private static BlockWeights ReadBlock(WeightReader r, HookedTransformerConfig c, string prefix)
    {
        var attention = prefix + "attn.";
        return new BlockWeights(
            TorchLayers.Norm(r, c, prefix + "ln1"),
            TorchLayers.Qkv(r, c, (attention + "query", attention + "key", attention + "value"), bias: true),
            TorchLayers.Linear(r, attention + "proj", c.DModel, c.DModel, bias: true),
            TorchLayers.Norm(r, c, prefix + "ln2"),
            new MlpWeights(
                TorchLayers.Linear(r, prefix + "mlp.0", c.DModel, c.DMlp, bias: true),
                TorchLayers.Linear(r, prefix + "mlp.2", c.DMlp, c.DModel, bias: true),
                null));
    }
}
