using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Gpt;

/// <summary>
/// Hugging Face's OPT (<c>OPTForCausalLM</c>): GPT-2's shape with ReLU and a table of positions whose first two rows are
/// not positions. The variant with norms behind (<c>do_layer_norm_before</c> false) and a narrower embedding, which is
/// opt-350m, is not supported.
/// </summary>
internal sealed class OptLayout : IModelLayout
{
    /// <summary>The rows of the table of positions before position 0 (<c>OPTLearnedPositionalEmbedding.offset</c>).</summary>
    private const int PositionOffset = 2;

    public string Name => "Hugging Face OPT";

    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) => HuggingFaceConfig.Is(config, "opt");

    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var settings = ConfigReader.Open(source.ConfigPath!);
        var config = ReadConfig(settings, options).Validate();
        var (biases, tied) = (settings.Bool("enable_bias", true), settings.Bool("tie_word_embeddings", true));
        return (config, ReadWeights(new WeightReader(file, options), config, biases, tied));
    }

    private static HookedTransformerConfig ReadConfig(ConfigReader c, LoadOptions options)
    {
        var (width, heads, vocabulary) = (c.Size("hidden_size"), c.Size("num_attention_heads"), c.Size("vocab_size"));
        var config = new HookedTransformerConfig
        {
            NLayers = c.Size("num_hidden_layers"),
            DModel = width,
            NHeads = heads,
            DHead = HuggingFaceConfig.HeadWidth(c, "hidden_size", width, "num_attention_heads", heads),
            NCtx = c.Size("max_position_embeddings", 2048),
            DVocab = vocabulary,
            DMlp = c.Size("ffn_dim"),
            ActFn = c.Activation("activation_function", "relu"),
            NormalizationType = NormalizationType.LN,
            // OPT's norms have PyTorch's default; there is no setting.
            Eps = 1e-5,
            // Its tokenizer puts </s> in front of every text.
            DefaultPrependBos = c.Has("bos_token_id"),
            EosTokenId = HuggingFaceConfig.EndToken(c, vocabulary),
            Dtype = options.Dtype,
        };
        c.Expect("do_layer_norm_before", true);
        c.Expect("_remove_final_layer_norm", false);
        c.Expect("layer_norm_elementwise_affine", true);
        if (c.OptionalSize("word_embed_proj_dim") is { } embedded && embedded != width)
            throw new ModelLoadException(
                $"{c.Path}: the setting 'word_embed_proj_dim' is {embedded} and hidden_size {width}; only embeddings as wide as the stream are supported");
        c.Skip("enable_bias", "tie_word_embeddings", "attention_dropout", "activation_dropout", "dropout", "layerdrop", "init_std");
        HuggingFaceConfig.FinishCommon(c);
        return config;
    }

    private static ModelWeights ReadWeights(WeightReader r, HookedTransformerConfig c, bool biases, bool tied)
    {
        // The bare model (OPTModel) is saved with the second prefix only.
        var prefix = r.Has("model.decoder.embed_tokens.weight") ? "model.decoder." : "decoder.";
        // A number of the format in files of the first release.
        r.Skip(name => name == prefix + "version");
        var embed = r.Take(prefix + "embed_tokens.weight", c.DVocab, c.DModel);
        var weights = new ModelWeights(
            embed,
            ReadPositions(r, c, prefix + "embed_positions.weight"),
            WeightReader.Layers(c.NLayers, layer => ReadBlock(r, c, $"{prefix}layers.{layer}.", biases)),
            TorchLayers.Norm(r, c, prefix + "final_layer_norm"),
            Unembedding.Read(r, embed, tied));
        r.Finish();
        return weights;
    }

    /// <summary>The rows of real positions, as a view.</summary>
    private static Tensor ReadPositions(WeightReader r, HookedTransformerConfig c, string name)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(r.Take(name, c.NCtx + PositionOffset, c.DModel).narrow(0, PositionOffset, c.NCtx));
    }

    private static BlockWeights ReadBlock(WeightReader r, HookedTransformerConfig c, string prefix, bool biases)
    {
        var attention = prefix + "self_attn.";
        return new BlockWeights(
            TorchLayers.Norm(r, c, prefix + "self_attn_layer_norm"),
            TorchLayers.Qkv(r, c, (attention + "q_proj", attention + "k_proj", attention + "v_proj"), biases),
            TorchLayers.Linear(r, attention + "out_proj", (long)c.NHeads * c.DHead, c.DModel, biases),
            TorchLayers.Norm(r, c, prefix + "final_layer_norm"),
            new MlpWeights(
                TorchLayers.Linear(r, prefix + "fc1", c.DModel, c.DMlp, biases),
                TorchLayers.Linear(r, prefix + "fc2", c.DMlp, c.DModel, biases),
                null));
    }
}
