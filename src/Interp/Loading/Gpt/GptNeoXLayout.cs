using Interp.Models;
using Interp.Weights;

namespace Interp.Loading.Gpt;

/// <summary>
/// Hugging Face's GPT-NeoX (<c>GPTNeoXForCausalLM</c>; the Pythia models): the first <c>rotary_pct</c> of a head's
/// dimensions are turned by halves, queries, keys and values are one map stored head by head, and attention and MLP read
/// the same stream through a norm each; with <c>use_parallel_residual</c> false they come one after the other.
/// </summary>
internal sealed class GptNeoXLayout : IModelLayout
{
    public string Name => "Hugging Face GPT-NeoX";

    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) => HuggingFaceConfig.Is(config, "gpt_neox");

    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var settings = ConfigReader.Open(source.ConfigPath!);
        var config = ReadConfig(settings, options).Validate();
        var (biases, tied) = (settings.Bool("attention_bias", true), settings.Bool("tie_word_embeddings", false));
        return (config, ReadWeights(new WeightReader(file, options), config, biases, tied));
    }

    private static HookedTransformerConfig ReadConfig(ConfigReader c, LoadOptions options)
    {
        var (width, heads, vocabulary) = (c.Size("hidden_size"), c.Size("num_attention_heads"), c.Size("vocab_size"));
        var headWidth = HuggingFaceConfig.HeadWidth(c, "hidden_size", width, "num_attention_heads", heads);
        var rotary = RotarySettings.Read(c, ["rotary_emb_base", "rope_theta"], ["rotary_pct", "partial_rotary_factor"], 0.25);
        var config = new HookedTransformerConfig
        {
            NLayers = c.Size("num_hidden_layers"),
            DModel = width,
            NHeads = heads,
            DHead = headWidth,
            NCtx = c.Size("max_position_embeddings", 2048),
            DVocab = vocabulary,
            DMlp = c.Size("intermediate_size"),
            ActFn = c.Activation("hidden_act", "gelu"),
            NormalizationType = NormalizationType.LN,
            Eps = c.Double("layer_norm_eps", 1e-5),
            ParallelAttnMlp = c.Bool("use_parallel_residual", true),
            PositionalEmbeddingType = PositionalEmbeddingType.Rotary,
            RotaryDim = rotary.Dimensions(headWidth),
            RotaryBase = rotary.Base,
            RotaryScaling = rotary.Scaling,
            EosTokenId = HuggingFaceConfig.EndToken(c, vocabulary),
            Dtype = options.Dtype,
        };
        c.Skip("attention_bias", "tie_word_embeddings", "attention_dropout", "hidden_dropout", "classifier_dropout");
        HuggingFaceConfig.FinishCommon(c);
        return config;
    }

    private static ModelWeights ReadWeights(WeightReader r, HookedTransformerConfig c, bool biases, bool tied)
    {
        // The bare model (GPTNeoXModel) is saved without the prefix.
        var prefix = r.Has("gpt_neox.embed_in.weight") ? "gpt_neox." : "";
        // The causal triangle, the value of hidden scores and the frequencies, which older versions saved with the weights.
        string[] buffers = [".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq"];
        r.Skip(name => buffers.Any(buffer => name.EndsWith(buffer, StringComparison.Ordinal)));
        var embed = r.Take(prefix + "embed_in.weight", c.DVocab, c.DModel);
        var weights = new ModelWeights(
            embed,
            null,
            WeightReader.Layers(c.NLayers, layer => ReadBlock(r, c, $"{prefix}layers.{layer}.", biases)),
            TorchLayers.Norm(r, c, prefix + "final_layer_norm"),
            Unembedding.Read(r, embed, tied, "embed_out.weight"));
        r.Finish();
        return weights;
    }

    private static BlockWeights ReadBlock(WeightReader r, HookedTransformerConfig c, string prefix, bool biases) => new(
        TorchLayers.Norm(r, c, prefix + "input_layernorm"),
        TorchLayers.GroupedQkv(r, c, prefix + "attention.query_key_value", biases),
        TorchLayers.Linear(r, prefix + "attention.dense", (long)c.NHeads * c.DHead, c.DModel, biases),
        TorchLayers.Norm(r, c, prefix + "post_attention_layernorm"),
        new MlpWeights(
            TorchLayers.Linear(r, prefix + "mlp.dense_h_to_4h", c.DModel, c.DMlp, bias: true),
            TorchLayers.Linear(r, prefix + "mlp.dense_4h_to_h", c.DMlp, c.DModel, bias: true),
            null));
}
