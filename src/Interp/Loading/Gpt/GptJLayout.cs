using Interp.Models;
using Interp.Weights;

namespace Interp.Loading.Gpt;

/// <summary>
/// Hugging Face's GPT-J (<c>GPTJForCausalLM</c>): attention and MLP read the stream through one norm and are added to it
/// together; the first <c>rotary_dim</c> dimensions of a head are turned in neighbouring pairs; the unembedding has a bias.
/// </summary>
internal sealed class GptJLayout : IModelLayout
{
    public string Name => "Hugging Face GPT-J";

    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) => HuggingFaceConfig.Is(config, "gptj");

    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var settings = ConfigReader.Open(source.ConfigPath!);
        var config = ReadConfig(settings, options).Validate();
        return (config, ReadWeights(new WeightReader(file, options), config, settings.Bool("tie_word_embeddings", false)));
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
            NCtx = c.Size("n_positions"),
            DVocab = vocabulary,
            DMlp = c.OptionalSize("n_inner") ?? 4 * width,
            ActFn = c.Activation("activation_function", "gelu_new"),
            NormalizationType = NormalizationType.LN,
            Eps = c.Double("layer_norm_epsilon", 1e-5),
            ParallelAttnMlp = true,
            PositionalEmbeddingType = PositionalEmbeddingType.Rotary,
            RotaryDim = c.Size("rotary_dim"),
            RotaryAdjacentPairs = true,
            EosTokenId = HuggingFaceConfig.EndToken(c, vocabulary),
            Dtype = options.Dtype,
        };
        c.Expect("rotary", true);
        c.Expect("scale_attn_weights", true);
        c.Skip("tie_word_embeddings", "attn_pdrop", "embd_pdrop", "resid_pdrop", "summary_activation", "summary_first_dropout",
            "summary_proj_to_labels", "summary_type", "summary_use_proj");
        HuggingFaceConfig.FinishCommon(c);
        return config;
    }

    private static ModelWeights ReadWeights(WeightReader r, HookedTransformerConfig c, bool tied)
    {
        // The bare model (GPTJModel) is saved without the prefix.
        var prefix = r.Has("transformer.wte.weight") ? "transformer." : "";
        // The causal triangle, the value of hidden scores and the table of angles, which older versions saved with the weights.
        string[] buffers = [".attn.bias", ".attn.masked_bias", ".attn.embed_positions"];
        r.Skip(name => buffers.Any(buffer => name.EndsWith(buffer, StringComparison.Ordinal)));
        var embed = r.Take(prefix + "wte.weight", c.DVocab, c.DModel);
        var weights = new ModelWeights(
            embed,
            null,
            WeightReader.Layers(c.NLayers, layer => ReadBlock(r, c, $"{prefix}h.{layer}.")),
            TorchLayers.Norm(r, c, prefix + "ln_f"),
            Unembedding.Read(r, embed, tied) with { Bias = r.Take("lm_head.bias", c.DVocab) });
        r.Finish();
        return weights;
    }

    private static BlockWeights ReadBlock(WeightReader r, HookedTransformerConfig c, string prefix)
    {
        var (norm, attention, inner) = (TorchLayers.Norm(r, c, prefix + "ln_1"), prefix + "attn.", (long)c.NHeads * c.DHead);
        return new BlockWeights(
            norm,
            TorchLayers.Qkv(r, c, (attention + "q_proj", attention + "k_proj", attention + "v_proj"), bias: false),
            TorchLayers.Linear(r, attention + "out_proj", inner, c.DModel, bias: false),
            norm,
            new MlpWeights(
                TorchLayers.Linear(r, prefix + "mlp.fc_in", c.DModel, c.DMlp, bias: true),
                TorchLayers.Linear(r, prefix + "mlp.fc_out", c.DMlp, c.DModel, bias: true),
                null));
    }
}
