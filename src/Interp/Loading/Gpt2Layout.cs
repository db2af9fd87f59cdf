using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading;

/// <summary>
/// Hugging Face's GPT-2. Its linear maps are stored [in, out] with queries, keys and values in one matrix, which is how
/// this toolkit keeps them too: nothing is copied.
/// </summary>
internal sealed class Gpt2Layout : IModelLayout
{
    public string Name => "Hugging Face GPT-2";

    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) => HuggingFaceConfig.Is(config, "gpt2");

    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var settings = ConfigReader.Open(source.ConfigPath!);
        // GPT-2's tokenizer has no beginning of sequence of its own: text starts as it is.
        var config = ReadConfig(settings, options).Validate();
        return (config, ReadWeights(new WeightReader(file, options), config, settings.Bool("tie_word_embeddings", true)));
    }

    private static HookedTransformerConfig ReadConfig(ConfigReader c, LoadOptions options)
    {
        var (width, heads, vocabulary) = (c.Size("n_embd"), c.Size("n_head"), c.Size("vocab_size"));
        var config = new HookedTransformerConfig
        {
            NLayers = c.Size("n_layer"),
            DModel = width,
            NHeads = heads,
            DHead = HuggingFaceConfig.HeadWidth(c, "n_embd", width, "n_head", heads),
            NCtx = c.Size("n_positions", c.OptionalSize("n_ctx")),
            DVocab = vocabulary,
            DMlp = c.OptionalSize("n_inner") ?? 4 * width,
            ActFn = c.Activation("activation_function", "gelu_new"),
            NormalizationType = NormalizationType.LN,
            Eps = c.Double("layer_norm_epsilon", 1e-5),
            UseAttnScale = c.Bool("scale_attn_weights", true),
            ScaleAttnByInverseLayerIdx = c.Bool("scale_attn_by_inverse_layer_idx", false),
            EosTokenId = HuggingFaceConfig.EndToken(c, vocabulary),
            Dtype = options.Dtype,
        };
        c.Expect("reorder_and_upcast_attn", false);
        c.Skip("tie_word_embeddings", "n_ctx", "attn_pdrop", "embd_pdrop", "resid_pdrop", "summary_activation", "summary_first_dropout",
            "summary_proj_to_labels", "summary_type", "summary_use_proj", "n_special", "predict_special_tokens");
        HuggingFaceConfig.FinishCommon(c);
        return config;
    }

    private static ModelWeights ReadWeights(WeightReader r, HookedTransformerConfig c, bool tied)
    {
        // The bare model (GPT2Model) is saved without the prefix.
        var prefix = r.Has("transformer.wte.weight") ? "transformer." : "";
        // The causal triangle and the value of hidden scores, which older versions saved with the weights.
        r.Skip(name => name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal));
        var embed = r.Take(prefix + "wte.weight", c.DVocab, c.DModel);
        var weights = new ModelWeights(
            embed,
            r.Take(prefix + "wpe.weight", c.NCtx, c.DModel),
            WeightReader.Layers(c.NLayers, layer => ReadBlock(r, c, $"{prefix}h.{layer}.")),
            Norm(r, c, prefix + "ln_f"),
            Unembedding.Read(r, embed, tied));
        r.Finish();
        return weights;
    }

    private static BlockWeights ReadBlock(WeightReader r, HookedTransformerConfig c, string prefix)
    {
        var width = c.NHeads * c.DHead;
        return new BlockWeights(
            Norm(r, c, prefix + "ln_1"),
            Linear(r, prefix + "attn.c_attn", c.DModel, 3 * width),
            Linear(r, prefix + "attn.c_proj", width, c.DModel),
            Norm(r, c, prefix + "ln_2"),
            new MlpWeights(
                Linear(r, prefix + "mlp.c_fc", c.DModel, c.DMlp),
                Linear(r, prefix + "mlp.c_proj", c.DMlp, c.DModel),
                null));
    }

    private static NormWeights Norm(WeightReader r, HookedTransformerConfig c, string name) =>
        new(r.Take(name + ".weight", c.DModel), r.Take(name + ".bias", c.DModel));

    private static LinearWeights Linear(WeightReader r, string name, long input, long output) =>
        new(r.Take(name + ".weight", input, output), r.Take(name + ".bias", output));
}
