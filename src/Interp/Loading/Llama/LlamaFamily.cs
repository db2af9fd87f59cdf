using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Llama;

/// <summary>
/// What the many Hugging Face models share that are built like Llama (Touvron et al. 2023): RMSNorm, rotary positions by
/// halves, grouped queries, gated MLPs, linear maps stored [out, in]. Each model's file says what it does differently.
/// </summary>
internal abstract class LlamaFamily : IModelLayout
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>The <c>model_type</c> of the configuration.</summary>
    protected abstract string ModelType { get; }

    /// <inheritdoc/>
    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) => HuggingFaceConfig.Is(config, ModelType);

    /// <inheritdoc/>
    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var settings = ConfigReader.Open(source.ConfigPath!);
        var config = Configure(settings, Common(settings, options));
        settings.Skip("attention_dropout", "embd_pdrop", "resid_pdrop", "hidden_dropout", "tie_word_embeddings");
        HuggingFaceConfig.FinishCommon(settings);
        config.Validate();
        return (config, ReadWeights(new LlamaReader(new WeightReader(file, options), config, settings)));
    }

    /// <summary>Whether the unembedding is the embedding where the configuration does not say.</summary>
    protected virtual bool TiedByDefault => false;

    /// <summary>The name of the last norm.</summary>
    protected virtual string FinalNorm => "norm";

    /// <summary>The configuration of this model from what is common; reads every other setting.</summary>
    protected abstract HookedTransformerConfig Configure(ConfigReader c, HookedTransformerConfig common);

    /// <summary>The weights of a block.</summary>
    protected virtual BlockWeights ReadBlock(LlamaReader r, string prefix) => new(
        Norm(r, prefix + "input_layernorm"),
        r.Qkv(prefix + "self_attn.", bias: false),
        r.Attention(prefix + "self_attn.o_proj", bias: false),
        Norm(r, prefix + "post_attention_layernorm"),
        r.GatedMlp(prefix + "mlp."));

    /// <summary>A norm over the residual stream.</summary>
    protected virtual NormWeights Norm(LlamaReader r, string name) => r.Norm(name);

    /// <summary>The embedding as it is added to the stream.</summary>
    protected virtual Tensor Embedding(Tensor stored, HookedTransformerConfig config) => stored;

    /// <summary>The map to the logits.</summary>
    protected virtual LinearWeights Unembed(LlamaReader r, Tensor storedEmbedding) =>
        Unembedding.Read(r.Weights, storedEmbedding, r.Settings.Bool("tie_word_embeddings", TiedByDefault));

    private static HookedTransformerConfig Common(ConfigReader c, LoadOptions options)
    {
        var (width, heads, vocabulary) = (c.Size("hidden_size"), c.Size("num_attention_heads"), c.Size("vocab_size"));
        var (rotaryBase, scaling) = Rope.Read(c);
        return new HookedTransformerConfig
        {
            NLayers = c.Size("num_hidden_layers"),
            DModel = width,
            NHeads = heads,
            NKeyValueHeads = c.OptionalSize("num_key_value_heads"),
            DHead = c.OptionalSize("head_dim") ?? HuggingFaceConfig.HeadWidth(c, "hidden_size", width, "num_attention_heads", heads),
            NCtx = c.Size("max_position_embeddings", 2048),
            DVocab = vocabulary,
            DMlp = c.Size("intermediate_size"),
            GatedMlp = true,
            NormalizationType = NormalizationType.RMS,
            PositionalEmbeddingType = PositionalEmbeddingType.Rotary,
            RotaryBase = rotaryBase,
            RotaryScaling = scaling,
            DefaultPrependBos = c.Has("bos_token_id"),
            EosTokenId = HuggingFaceConfig.EndToken(c, vocabulary),
            Dtype = options.Dtype,
        };
    }

    private ModelWeights ReadWeights(LlamaReader r)
    {
        var (weights, c) = (r.Weights, r.Config);
        // The bare model is saved without the prefix.
        var prefix = weights.Has("model.embed_tokens.weight") ? "model." : "";
        // Tables of frequencies, which older versions saved with the weights.
        weights.Skip(name => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal));
        var stored = weights.Take(prefix + "embed_tokens.weight", c.DVocab, c.DModel);
        var blocks = new List<BlockWeights>();
        for (var layer = 0; layer < c.NLayers; layer++) blocks.Add(ReadBlock(r, $"{prefix}layers.{layer}."));
        var model = new ModelWeights(Embedding(stored, c), null, blocks, FinalNormOf(r, prefix + FinalNorm), Unembed(r, stored));
        weights.Finish();
        return model;
    }

    private NormWeights? FinalNormOf(LlamaReader r, string name) =>
        r.Config.NormalizationType is NormalizationType.RMS or NormalizationType.LN ? Norm(r, name) : null;
}
