using Interp.Models;
using Interp.Weights;

namespace Interp.Loading.Gpt;

/// <summary>
/// Hugging Face's Falcon (<c>FalconForCausalLM</c>) in its three shapes: one norm and attention and MLP side by side
/// (7b), a norm for each of the two (<c>new_decoder_architecture</c>, 40b), or one after the other
/// (<c>parallel_attn</c> false). Keys and values are one a layer (<c>multi_query</c>), one a group, or one a head.
/// </summary>
/// <remarks>
/// Variants with ALiBi (<c>alibi</c>, falcon-rw) have no rotary positions; how theirs differs from others stands at
/// <see cref="HookedTransformerConfig.AlibiInScale"/>.
/// </remarks>
internal sealed class FalconLayout : IModelLayout
{
    /// <summary>Which norms a block has, by their names: before attention, and before the MLP where it has one of its own.</summary>
    private sealed record Norms(string Attention, string? Mlp);

    public string Name => "Hugging Face Falcon";

    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) => HuggingFaceConfig.Is(config, "falcon");

    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var settings = ConfigReader.Open(source.ConfigPath!);
        var norms = ReadNorms(settings);
        var config = ReadConfig(settings, options).Validate();
        var (biases, tied) = (settings.Bool("bias", false), settings.Bool("tie_word_embeddings", true));
        return (config, ReadWeights(new WeightReader(file, options), config, norms, biases, tied));
    }

    private static HookedTransformerConfig ReadConfig(ConfigReader c, LoadOptions options)
    {
        var (width, heads, vocabulary) = (c.Size("hidden_size"), c.Size("num_attention_heads"), c.Size("vocab_size"));
        var rotary = RotarySettings.Read(c, ["rope_theta"], [], 1);
        var alibi = c.Bool("alibi", false);
        var config = new HookedTransformerConfig
        {
            NLayers = c.Size("num_hidden_layers"),
            DModel = width,
            NHeads = heads,
            NKeyValueHeads = KeyValueHeads(c, heads),
            DHead = HuggingFaceConfig.HeadWidth(c, "hidden_size", width, "num_attention_heads", heads),
            NCtx = c.Size("max_position_embeddings", 2048),
            DVocab = vocabulary,
            DMlp = c.OptionalSize("ffn_hidden_size") ?? 4 * width,
            ActFn = c.Activation("activation", "gelu"),
            NormalizationType = NormalizationType.LN,
            Eps = c.Double("layer_norm_epsilon", 1e-5),
            ParallelAttnMlp = c.Bool("parallel_attn", true),
            PositionalEmbeddingType = alibi ? PositionalEmbeddingType.Alibi : PositionalEmbeddingType.Rotary,
            AlibiInScale = alibi,
            RotaryBase = rotary.Base,
            RotaryScaling = alibi ? null : rotary.Scaling,
            EosTokenId = HuggingFaceConfig.EndToken(c, vocabulary),
            Dtype = options.Dtype,
        };
        c.Expect("apply_residual_connection_post_layernorm", false);
        c.Skip("bias", "attention_dropout", "hidden_dropout", "tie_word_embeddings");
        HuggingFaceConfig.FinishCommon(c);
        return config;
    }

    /// <summary>With <c>multi_query</c> the setting <c>num_kv_heads</c> counts only in the new architecture.</summary>
    private static int? KeyValueHeads(ConfigReader c, int heads)
    {
        var (stated, multiQuery) = (c.OptionalSize("num_kv_heads") ?? heads, c.Bool("multi_query", true));
        if (c.Bool("new_decoder_architecture", false)) return stated;
        if (multiQuery) return 1;
        return stated == heads
            ? heads
            : throw new ModelLoadException(
                $"{c.Path}: num_kv_heads is {stated} for {heads} heads, which needs multi_query or new_decoder_architecture");
    }

    /// <summary>The norms as <c>FalconDecoderLayer</c> makes them.</summary>
    private static Norms ReadNorms(ConfigReader c)
    {
        const string count = "num_ln_in_parallel_attn";
        var (isNew, parallel, stated) = (c.Bool("new_decoder_architecture", false), c.Bool("parallel_attn", true), c.OptionalInt(count));
        if (isNew && !parallel) throw new ModelLoadException($"{c.Path}: new_decoder_architecture needs parallel_attn");
        if (!parallel) return new Norms("input_layernorm", "post_attention_layernorm");
        return (isNew, stated ?? (isNew ? 2 : 1)) switch
        {
            (true, 2) => new Norms("ln_attn", "ln_mlp"),
            (_, 1) => new Norms("input_layernorm", null),
            _ => throw new ModelLoadException(
                $"{c.Path}: the setting '{count}' is {stated}; supported: 1, and 2 with new_decoder_architecture"),
        };
    }

    private static ModelWeights ReadWeights(WeightReader r, HookedTransformerConfig c, Norms norms, bool biases, bool tied)
    {
        // The bare model (FalconModel) is saved without the prefix.
        var prefix = r.Has("transformer.word_embeddings.weight") ? "transformer." : "";
        // Tables of frequencies, which older versions saved with the weights.
        r.Skip(name => name.EndsWith(".inv_freq", StringComparison.Ordinal));
        var embed = r.Take(prefix + "word_embeddings.weight", c.DVocab, c.DModel);
        var weights = new ModelWeights(
            embed,
            null,
            WeightReader.Layers(c.NLayers, layer => ReadBlock(r, c, $"{prefix}h.{layer}.", norms, biases)),
            TorchLayers.Norm(r, c, prefix + "ln_f"),
            Unembedding.Read(r, embed, tied));
        r.Finish();
        return weights;
    }

    private static BlockWeights ReadBlock(WeightReader r, HookedTransformerConfig c, string prefix, Norms norms, bool biases)
    {
        var norm = TorchLayers.Norm(r, c, prefix + norms.Attention);
        return new BlockWeights(
            norm,
            TorchLayers.GroupedQkv(r, c, prefix + "self_attention.query_key_value", biases),
            TorchLayers.Linear(r, prefix + "self_attention.dense", (long)c.NHeads * c.DHead, c.DModel, biases),
            norms.Mlp is null ? norm : TorchLayers.Norm(r, c, prefix + norms.Mlp),
            new MlpWeights(
                TorchLayers.Linear(r, prefix + "mlp.dense_h_to_4h", c.DModel, c.DMlp, biases),
                TorchLayers.Linear(r, prefix + "mlp.dense_4h_to_h", c.DMlp, c.DModel, biases),
                null));
    }
}
