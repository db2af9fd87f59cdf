using System.Text.Json;
using Interp.Models;
using Interp.Torch;
using Interp.Weights;

namespace Interp.Loading;

/// <summary>Hugging Face's Llama: RMSNorm, rotary positions by halves, grouped queries, gated MLPs (Touvron et al. 2023).</summary>
internal sealed class LlamaLayout : IModelLayout
{
    public string Name => "Hugging Face Llama";

    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) => HuggingFaceConfig.Is(config, "llama");

    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var settings = ConfigReader.Open(source.ConfigPath!);
        var config = ReadConfig(settings, options).Validate();
        var (biases, tied) = (settings.Bool("attention_bias", false), settings.Bool("tie_word_embeddings", false));
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
            NKeyValueHeads = c.OptionalSize("num_key_value_heads"),
            DHead = c.OptionalSize("head_dim") ?? HuggingFaceConfig.HeadWidth(c, "hidden_size", width, "num_attention_heads", heads),
            NCtx = c.Size("max_position_embeddings", 2048),
            DVocab = vocabulary,
            DMlp = c.Size("intermediate_size"),
            GatedMlp = true,
            ActFn = c.Activation("hidden_act", "silu"),
            NormalizationType = NormalizationType.RMS,
            Eps = c.Double("rms_norm_eps", 1e-6),
            PositionalEmbeddingType = PositionalEmbeddingType.Rotary,
            RotaryBase = RotaryBase(c),
            DefaultPrependBos = c.Has("bos_token_id"),
            EosTokenId = HuggingFaceConfig.EndToken(c, vocabulary),
            Dtype = options.Dtype,
        };
        // The gated MLP here adds W_in's bias behind the product, as the classic model does, Llama before it.
        c.Expect("mlp_bias", false);
        c.Expect("sliding_window", null);
        c.Skip("attention_bias", "tie_word_embeddings", "attention_dropout", "pretraining_tp", "embd_pdrop", "resid_pdrop");
        HuggingFaceConfig.FinishCommon(c);
        return config;
    }

    /// <summary>The base of the frequencies; newer files keep it among <c>rope_parameters</c>.</summary>
    private static double RotaryBase(ConfigReader c)
    {
        RequireUnscaled(c, "rope_scaling");
        RequireUnscaled(c, "rope_parameters");
        return c.Find("rope_parameters") is { } parameters && parameters.TryGetProperty("rope_theta", out var theta)
            ? theta.GetDouble()
            : c.Double("rope_theta", 10000);
    }

    private static void RequireUnscaled(ConfigReader c, string name)
    {
        if (c.Find(name) is not { } scaling) return;
        var kind = scaling.ValueKind != JsonValueKind.Object ? scaling.GetRawText()
            : scaling.TryGetProperty("rope_type", out var type) || scaling.TryGetProperty("type", out type) ? type.ToString() : "default";
        if (kind != "default")
            throw new ModelLoadException($"{c.Path}: the setting '{name}' asks for rotary positions scaled by '{kind}', which is not supported; only null is");
    }

    private static ModelWeights ReadWeights(WeightReader r, HookedTransformerConfig c, bool biases, bool tied)
    {
        // The bare model (LlamaModel) is saved without the prefix.
        var prefix = r.Has("model.embed_tokens.weight") ? "model." : "";
        // Tables of frequencies, which older versions saved with the weights.
        r.Skip(name => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal));
        var embed = r.Take(prefix + "embed_tokens.weight", c.DVocab, c.DModel);
        var weights = new ModelWeights(
            embed,
            null,
            [.. Enumerable.Range(0, c.NLayers).Select(layer => ReadBlock(r, c, $"{prefix}layers.{layer}.", biases))],
            Norm(r, c, prefix + "norm"),
            Unembedding.Read(r, embed, tied));
        r.Finish();
        return weights;
    }

    private static BlockWeights ReadBlock(WeightReader r, HookedTransformerConfig c, string prefix, bool biases) => new(
        Norm(r, c, prefix + "input_layernorm"),
        ReadQkv(r, c, prefix + "self_attn.", biases),
        Linear(r, prefix + "self_attn.o_proj", (long)c.NHeads * c.DHead, c.DModel, biases),
        Norm(r, c, prefix + "post_attention_layernorm"),
        new MlpWeights(
            Linear(r, prefix + "mlp.up_proj", c.DModel, c.DMlp, false),
            Linear(r, prefix + "mlp.down_proj", c.DMlp, c.DModel, false),
            Linear(r, prefix + "mlp.gate_proj", c.DModel, c.DMlp, false)));

    private static LinearWeights ReadQkv(WeightReader r, HookedTransformerConfig c, string prefix, bool biases)
    {
        using var scope = torch.NewDisposeScope();
        var (queries, keys) = ((long)c.NHeads * c.DHead, (long)c.KeyValueHeads * c.DHead);
        Tensor Weight(string name, long rows) => r.Take($"{prefix}{name}.weight", rows, c.DModel);
        Tensor Bias(string name, long rows) => r.Take($"{prefix}{name}.bias", rows);
        var weight = Fused.FromLinears(Weight("q_proj", queries), Weight("k_proj", keys), Weight("v_proj", keys));
        var bias = biases ? Fused.Biases(Bias("q_proj", queries), Bias("k_proj", keys), Bias("v_proj", keys)) : null;
        return new LinearWeights(scope.MoveToOuter(weight), bias is null ? null : scope.MoveToOuter(bias));
    }

    private static NormWeights Norm(WeightReader r, HookedTransformerConfig c, string name) => new(r.Take(name + ".weight", c.DModel), null);

    /// <summary>A matrix stored as PyTorch's Linear does, [out, in], seen as [in, out].</summary>
    private static LinearWeights Linear(WeightReader r, string name, long input, long output, bool bias)
    {
        using var scope = torch.NewDisposeScope();
        var weight = scope.MoveToOuter(r.Take(name + ".weight", output, input).t());
        return new LinearWeights(weight, bias ? scope.MoveToOuter(r.Take(name + ".bias", output)) : null);
    }
}
