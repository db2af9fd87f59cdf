using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Gpt;

/// <summary>
/// Checkpoints of Karpathy's nanoGPT (<c>ckpt.pt</c>: state dict under <c>model</c>, settings under <c>model_args</c>) and
/// state dicts of minGPT since 2022, which have the same names: GPT-2 with linear maps stored [out, in].
/// </summary>
internal sealed class NanoGptLayout : IModelLayout
{
    private const string Attention = "transformer.h.0.attn.c_attn.weight";

    // torch.compile puts its own prefix before every name.
    private static readonly string[] Prefixes = ["model._orig_mod.", "model.", "_orig_mod.", ""];

    public string Name => "nanoGPT";

    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) =>
        config?.Has("model_type") != true
        && GptStateDict.PrefixOf(file, Prefixes, Attention) is { } prefix
        && file.Info(prefix + Attention).Shape is [var output, var input] && output == 3 * input;

    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var reader = new WeightReader(file, options, GptStateDict.PrefixOf(file, Prefixes, Attention)!);
        // A whole checkpoint is nanoGPT's, whose activation is nn.GELU.
        var activation = GptStateDict.HasSettings(file) ? "gelu" : null;
        var config = Sizes(reader).Config(source, file, options, activation).Validate();
        return (config, ReadWeights(reader, config));
    }

    private static GptStateDict Sizes(WeightReader r)
    {
        var (embed, positions) = (r.Dimensions("transformer.wte.weight", 2), r.Dimensions("transformer.wpe.weight", 2));
        var mlp = r.Dimensions("transformer.h.0.mlp.c_fc.weight", 2);
        var layers = 0;
        while (r.Has($"transformer.h.{layers}.attn.c_attn.weight")) layers++;
        return new GptStateDict(layers, GptStateDict.Size(r, embed[1]), GptStateDict.Size(r, positions[0]), GptStateDict.Size(r, embed[0]),
            GptStateDict.Size(r, mlp[0]));
    }

    private static ModelWeights ReadWeights(WeightReader r, HookedTransformerConfig c)
    {
        // The causal triangle.
        r.Skip(name => name.EndsWith(".attn.bias", StringComparison.Ordinal));
        var embed = r.Take("transformer.wte.weight", c.DVocab, c.DModel);
        var weights = new ModelWeights(
            embed,
            r.Take("transformer.wpe.weight", c.NCtx, c.DModel),
            WeightReader.Layers(c.NLayers, layer => ReadBlock(r, c, $"transformer.h.{layer}.")),
            Norm(r, c, "transformer.ln_f"),
            ReadHead(r, embed));
        r.Finish();
        return weights;
    }

    /// <summary>nanoGPT's unembedding is its embedding, and its files hold both; minGPT's is a matrix of its own.</summary>
    private static LinearWeights ReadHead(WeightReader r, Tensor embed)
    {
        using var scope = torch.NewDisposeScope();
        var stored = r.Take("lm_head.weight", embed.shape);
        return new LinearWeights(scope.MoveToOuter(stored.Equals(embed) ? embed.t() : stored.t()), null);
    }

    private static BlockWeights ReadBlock(WeightReader r, HookedTransformerConfig c, string prefix) => new(
        Norm(r, c, prefix + "ln_1"),
        Linear(r, prefix + "attn.c_attn", c.DModel, 3 * c.DModel),
        Linear(r, prefix + "attn.c_proj", c.DModel, c.DModel),
        Norm(r, c, prefix + "ln_2"),
        new MlpWeights(Linear(r, prefix + "mlp.c_fc", c.DModel, c.DMlp), Linear(r, prefix + "mlp.c_proj", c.DMlp, c.DModel), null));

    // With bias=False neither the maps nor the norms have biases.
    private static LinearWeights Linear(WeightReader r, string name, long input, long output) =>
        TorchLayers.Linear(r, name, input, output, r.Has(name + ".bias"));

    private static NormWeights Norm(WeightReader r, HookedTransformerConfig c, string name) => TorchLayers.Norm(r, c, name, r.Has(name + ".bias"));
}
