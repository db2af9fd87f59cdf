using System.Text.Json;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading;

/// <summary>Configurations with the classic field names (<c>n_layers</c>, <c>d_model</c> …), as TransformerLens writes them.</summary>
internal static class ClassicConfig
{
    /// <summary>Whether a configuration file has the classic field names.</summary>
    internal static bool Recognizes(ConfigReader c) => c.Has("n_layers") && c.Has("d_model") && c.Has("d_vocab");

    internal static HookedTransformerConfig Read(ConfigReader c, LoadOptions options)
    {
        var config = new HookedTransformerConfig
        {
            ModelName = c.String("model_name", "custom"),
            NLayers = c.Size("n_layers"),
            DModel = c.Size("d_model"),
            NHeads = c.Size("n_heads"),
            DHead = c.Size("d_head"),
            NCtx = c.Size("n_ctx"),
            DVocab = c.Size("d_vocab"),
            DVocabOut = Unset(c, "d_vocab_out") ? null : c.OptionalSize("d_vocab_out"),
            NKeyValueHeads = c.OptionalSize("n_key_value_heads"),
            DMlp = c.Int("d_mlp", 0),
            ActFn = c.Has("act_fn") ? c.Activation("act_fn") : null,
            AttnOnly = c.Bool("attn_only", false),
            GatedMlp = c.Bool("gated_mlp", false),
            GatedBiasInside = c.Bool("gated_bias_inside", false),
            ParallelAttnMlp = c.Bool("parallel_attn_mlp", false),
            NormalizationType = Normalization(c, "normalization_type"),
            Eps = c.Double("eps", 1e-5),
            AttentionDir = Direction(c),
            PositionalEmbeddingType = Position(c),
            AlibiInScale = c.Bool("alibi_in_scale", false),
            RotaryDim = c.OptionalInt("rotary_dim"),
            RotaryBase = c.Double("rotary_base", 10000),
            RotaryAdjacentPairs = c.Bool("rotary_adjacent_pairs", false),
            RotaryBaseLocal = c.OptionalDouble("rotary_base_local"),
            RotaryScaling = Scaling(c),
            WindowSize = IsLocal(c) ? c.Size("window_size") : null,
            AttnTypes = IsLocal(c) ? Reaches(c) : null,
            UseQkNorm = c.Bool("use_qk_norm", false),
            AttnScoresSoftCap = Unset(c, "attn_scores_soft_cap") ? null : c.OptionalDouble("attn_scores_soft_cap"),
            OutputLogitsSoftCap = Unset(c, "output_logits_soft_cap") ? null : c.OptionalDouble("output_logits_soft_cap"),
            UseNormalizationBeforeAndAfter = c.Bool("use_normalization_before_and_after", false),
            PostEmbeddingLn = c.Bool("post_embedding_ln", false),
            NumExperts = c.OptionalSize("num_experts"),
            ExpertsPerToken = c.OptionalSize("experts_per_token"),
            UseAttnScale = c.Bool("use_attn_scale", true),
            AttnScale = Unset(c, "attn_scale") ? null : c.OptionalDouble("attn_scale"),
            ScaleAttnByInverseLayerIdx = c.Bool("scale_attn_by_inverse_layer_idx", false),
            AttentionMasks = Masks(c),
            InitializerRange = Unset(c, "initializer_range") ? null : c.OptionalDouble("initializer_range"),
            DefaultPrependBos = c.Bool("default_prepend_bos", false),
            EosTokenId = c.OptionalInt("eos_token_id"),
            Dtype = options.Dtype,
        };
        if (TrainingRecord.Is(c)) config = TrainingRecord.Complete(c, config);
        RefuseUnsupported(c);
        SkipHarmless(c);
        c.Finish();
        return config;
    }

    /// <summary>The classic configuration writes −1 for settings that are computed from others.</summary>
    private static bool Unset(ConfigReader c, string name) =>
        c.Find(name) is { ValueKind: JsonValueKind.Number } number && number.GetDouble() == -1;

    /// <summary>For every layer one text a query, with a 1 for every key that it may see: this toolkit's addition.</summary>
    private static IReadOnlyList<bool[]>? Masks(ConfigReader c)
    {
        if (c.Find("attention_masks") is not { } masks) return null;
        try
        {
            return [.. masks.EnumerateArray().Select(layer =>
                string.Concat(layer.EnumerateArray().Select(row => row.GetString())).Select(IsVisible).ToArray())];
        }
        catch (InvalidOperationException e)
        {
            throw new ModelLoadException($"{c.Path}: attention_masks must hold for every layer n_ctx texts of n_ctx characters 0 or 1", e);
        }

        static bool IsVisible(char c) => c is '0' or '1' ? c == '1' : throw new InvalidOperationException($"'{c}' is neither 0 nor 1");
    }

    /// <summary>The normalization by its classic name; none where the setting is null or absent.</summary>
    internal static NormalizationType Normalization(ConfigReader c, string setting) => c.OptionalString(setting) switch
    {
        null => NormalizationType.None,
        var name when Enum.TryParse<NormalizationType>(name, out var type) => type,
        var name => throw new ModelLoadException(
            $"{c.Path}: {setting} '{name}' is unknown; known: {string.Join(", ", Enum.GetNames<NormalizationType>())}"),
    };

    private static AttentionDirection Direction(ConfigReader c) => c.String("attention_dir", "causal") switch
    {
        "causal" => AttentionDirection.Causal,
        "bidirectional" => AttentionDirection.Bidirectional,
        var name => throw new ModelLoadException($"{c.Path}: attention_dir '{name}' is unknown; known: causal, bidirectional"),
    };

    private static PositionalEmbeddingType Position(ConfigReader c) => c.String("positional_embedding_type", "standard") switch
    {
        "standard" => PositionalEmbeddingType.Standard,
        "rotary" => PositionalEmbeddingType.Rotary,
        "shortformer" => PositionalEmbeddingType.Shortformer,
        "alibi" => PositionalEmbeddingType.Alibi,
        "none" => PositionalEmbeddingType.None,
        var name => throw new ModelLoadException(
            $"{c.Path}: positional_embedding_type '{name}' is not supported; supported: standard, rotary, shortformer, alibi, none"),
    };

    /// <summary>Windows and kinds of layers count only where local attention is on.</summary>
    private static bool IsLocal(ConfigReader c)
    {
        c.Skip("window_size", "attn_types");
        return c.Bool("use_local_attn", false);
    }

    private static IReadOnlyList<AttentionReach>? Reaches(ConfigReader c) => c.Strings("attn_types")?.Select(name => name switch
    {
        "global" => AttentionReach.Global,
        "local" => AttentionReach.Local,
        _ => throw new ModelLoadException($"{c.Path}: attn_types has '{name}'; known: global, local"),
    }).ToList();

    /// <summary>Llama 3's rule as the classic configuration spells it, or the linear one, this toolkit's addition.</summary>
    private static RotaryScaling? Scaling(ConfigReader c)
    {
        var linear = c.OptionalDouble("rotary_scaling_factor");
        c.Skip("NTK_by_parts_factor", "NTK_by_parts_low_freq_factor", "NTK_by_parts_high_freq_factor", "NTK_original_ctx_len");
        if (!c.Bool("use_NTK_by_parts_rope", false)) return linear is null ? null : new RotaryScaling.Linear(linear.Value);
        if (linear is not null) throw new ModelLoadException($"{c.Path} asks for two ways to scale rotary positions");
        return new RotaryScaling.Llama3(c.Double("NTK_by_parts_factor", 8), c.Double("NTK_by_parts_low_freq_factor", 1),
            c.Double("NTK_by_parts_high_freq_factor", 4), c.Size("NTK_original_ctx_len", 8192));
    }

    /// <summary>Settings that would change the result and are supported with one value only.</summary>
    private static void RefuseUnsupported(ConfigReader c)
    {
        // Whether the last norm is an RMSNorm too: of LN models only it is a choice.
        if (c.OptionalString("normalization_type") is not ("RMS" or "RMSPre")) c.Expect("final_rms", false);
        c.Skip("final_rms");
        c.Expect("load_in_4bit", false);
        foreach (var name in (string[])["relative_attention_max_distance", "relative_attention_num_buckets", "decoder_start_token_id"])
            c.Expect(name, null);
    }

    /// <summary>Settings of training, of bookkeeping, or of which hooks exist: every hook exists here, on demand.</summary>
    private static void SkipHarmless(ConfigReader c) => c.Skip("seed", "init_mode", "init_weights", "device",
        "n_devices", "n_params", "dtype", "original_architecture", "from_checkpoint", "checkpoint_index", "checkpoint_label_type",
        "checkpoint_value", "tokenizer_name", "tokenizer_prepends_bos", "trust_remote_code", "tie_word_embeddings",
        ClassicWeights.TiedNorms, "use_attn_result", "use_split_qkv_input", "use_hook_mlp_in", "use_attn_in", "use_hook_tokens", "ungroup_grouped_query_attention", "architecture");
}
