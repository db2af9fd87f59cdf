using System.Text.Json;
using Interp.Models.Encoders;

namespace Interp.Loading.Encoders;

/// <summary>Reads the configuration of Hugging Face's T5, of the first release and of 1.1 (gated MLPs, untied).</summary>
internal static class T5Config
{
    /// <summary>The <c>model_type</c>.</summary>
    internal const string ModelType = "t5";

    private const string Architecture = "T5ForConditionalGeneration";

    /// <exception cref="ModelLoadException">A setting is missing, wrong or not supported.</exception>
    internal static HookedEncoderDecoderConfig Read(ConfigReader c, LoadOptions options)
    {
        CheckArchitectures(c);
        var (activation, gated) = FeedForward(c);
        var (layers, vocabulary) = (c.Size("num_layers"), c.Size("vocab_size"));
        var config = new HookedEncoderDecoderConfig
        {
            NLayers = layers,
            NDecoderLayers = c.Size("num_decoder_layers", layers),
            DModel = c.Size("d_model"),
            NHeads = c.Size("num_heads"),
            DHead = c.Size("d_kv"),
            DVocab = vocabulary,
            DMlp = c.Size("d_ff"),
            ActFn = activation,
            GatedMlp = gated,
            Eps = c.Double("layer_norm_epsilon", 1e-6),
            RelativeAttentionNumBuckets = c.Size("relative_attention_num_buckets", 32),
            RelativeAttentionMaxDistance = c.Size("relative_attention_max_distance", 128),
            TieWordEmbeddings = c.Bool("tie_word_embeddings", true),
            DecoderStartTokenId = c.OptionalInt("decoder_start_token_id"),
            EosTokenId = HuggingFaceConfig.EndToken(c, vocabulary),
            Dtype = options.Dtype,
        };
        // Positions are relative and have no last one: n_positions is what the model was trained on.
        c.Skip("n_positions", "dropout_rate", "classifier_dropout", "initializer_factor");
        HuggingFaceConfig.FinishCommon(c, encoderDecoder: true);
        return config.Validate();
    }

    private static void CheckArchitectures(ConfigReader c)
    {
        if (c.Find("architectures") is not { } list) return;
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String || name.GetString() != Architecture))
            throw new ModelLoadException($"{c.Path}: the setting 'architectures' is {list.GetRawText()}; supported: [\"{Architecture}\"]");
    }

    /// <summary><c>relu</c> and such, or <c>gated-gelu</c> and such; gated GELU is the tanh approximation.</summary>
    private static (string Activation, bool Gated) FeedForward(ConfigReader c)
    {
        const string setting = "feed_forward_proj", prefix = "gated-";
        var text = c.String(setting, "relu");
        var gated = text.StartsWith(prefix, StringComparison.Ordinal);
        var name = text == "gated-gelu" ? "gelu_new" : gated ? text[prefix.Length..] : text;
        if (!Interp.Models.Activations.Exists(name))
            throw new ModelLoadException($"{c.Path}: the setting '{setting}' is '{text}', which is not supported; supported: " +
                $"{string.Join(", ", Interp.Models.Activations.Names)}, each also after '{prefix}'");
        // Newer files repeat what follows from the setting above.
        c.Expect("is_gated_act", gated);
        c.Expect("dense_act_fn", name);
        return (name, gated);
    }
}
