using Interp.Models;
using Interp.Weights;

namespace Interp.Loading.Gpt;

/// <summary>
/// Hugging Face's BLOOM (<c>BloomForCausalLM</c>): ALiBi in place of positions, a norm behind the embedding, queries, keys
/// and values in one map stored head by head. <c>BloomGelu</c> is GELU's tanh formula.
/// </summary>
internal sealed class BloomLayout : IModelLayout
{
    /// <summary>The length that BLOOM was trained on; ALiBi itself knows no longest sequence, and few files name one.</summary>
    private const int TrainedContext = 2048;

    public string Name => "Hugging Face BLOOM";

    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) => HuggingFaceConfig.Is(config, "bloom");

    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var settings = ConfigReader.Open(source.ConfigPath!);
        var config = ReadConfig(settings, options).Validate();
        return (config, ReadWeights(new WeightReader(file, options), config, settings.Bool("tie_word_embeddings", true)));
    }

    private static HookedTransformerConfig ReadConfig(ConfigReader c, LoadOptions options)
    {
        // The published files use the older of two names here, the newer there; n_embed comes first, as in the reference.
        var width = c.OptionalSize("n_embed") ?? c.Size("hidden_size");
        var heads = c.Size("n_head", c.OptionalSize("num_attention_heads"));
        var vocabulary = c.Size("vocab_size");
        var config = new HookedTransformerConfig
        {
            NLayers = c.Size("n_layer", c.OptionalSize("num_hidden_layers")),
            DModel = width,
            NHeads = heads,
            DHead = HuggingFaceConfig.HeadWidth(c, "hidden_size", width, "n_head", heads),
            NCtx = c.Size("seq_length", TrainedContext),
            DVocab = vocabulary,
            DMlp = 4 * width,
            ActFn = "gelu_fast",
            NormalizationType = NormalizationType.LN,
            Eps = c.Double("layer_norm_epsilon", 1e-5),
            PositionalEmbeddingType = PositionalEmbeddingType.Alibi,
            PostEmbeddingLn = true,
            EosTokenId = HuggingFaceConfig.EndToken(c, vocabulary),
            Dtype = options.Dtype,
        };
        c.Expect("apply_residual_connection_post_layernorm", false);
        c.Expect("n_inner", 4 * width);
        // How the sums were split over machines and fused in training; the numbers are the same.
        c.Skip("hidden_size", "pretraining_tp", "slow_but_exact", "attention_softmax_in_fp32", "bias_dropout_fusion", "masked_softmax_fusion", "skip_bias_add",
            "skip_bias_add_qkv", "offset_alibi", "attention_dropout", "hidden_dropout", "tie_word_embeddings");
        HuggingFaceConfig.FinishCommon(c);
        return config;
    }

    private static ModelWeights ReadWeights(WeightReader r, HookedTransformerConfig c, bool tied)
    {
        // The bare model (BloomModel), which the published files hold, is saved without the prefix.
        var prefix = r.Has("transformer.word_embeddings.weight") ? "transformer." : "";
        var embed = r.Take(prefix + "word_embeddings.weight", c.DVocab, c.DModel);
        var weights = new ModelWeights(
            embed,
            null,
            WeightReader.Layers(c.NLayers, layer => ReadBlock(r, c, $"{prefix}h.{layer}.")),
            TorchLayers.Norm(r, c, prefix + "ln_f"),
            Unembedding.Read(r, embed, tied))
        {
            EmbedNorm = TorchLayers.Norm(r, c, prefix + "word_embeddings_layernorm"),
        };
        r.Finish();
        return weights;
    }

    private static BlockWeights ReadBlock(WeightReader r, HookedTransformerConfig c, string prefix) => new(
        TorchLayers.Norm(r, c, prefix + "input_layernorm"),
        TorchLayers.GroupedQkv(r, c, prefix + "self_attention.query_key_value", bias: true),
        TorchLayers.Linear(r, prefix + "self_attention.dense", (long)c.NHeads * c.DHead, c.DModel, bias: true),
        TorchLayers.Norm(r, c, prefix + "post_attention_layernorm"),
        new MlpWeights(
            TorchLayers.Linear(r, prefix + "mlp.dense_h_to_4h", c.DModel, c.DMlp, bias: true),
            TorchLayers.Linear(r, prefix + "mlp.dense_4h_to_h", c.DMlp, c.DModel, bias: true),
            null));
}
