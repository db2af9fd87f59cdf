using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Models;

namespace Interp.Loading;

/// <summary>Writes configurations with the classic field names, which <see cref="ClassicConfig"/> and TransformerLens read.</summary>
internal static class ClassicConfigWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>A JSON object; settings that have no value are left out.</summary>
    /// <param name="c">The configuration.</param>
    /// <param name="tied">Whether the unembedding is the embedding.</param>
    /// <param name="tiedNorms">Whether attention and MLP of a block read one norm.</param>
    internal static byte[] Write(HookedTransformerConfig c, bool tied, bool tiedNorms)
    {
        var json = new JsonObject
        {
            ["model_name"] = c.ModelName,
            ["n_layers"] = c.NLayers,
            ["d_model"] = c.DModel,
            ["n_heads"] = c.NHeads,
            ["n_key_value_heads"] = c.NKeyValueHeads,
            ["d_head"] = c.DHead,
            ["d_mlp"] = c.DMlp,
            ["n_ctx"] = c.NCtx,
            ["d_vocab"] = c.DVocab,
            ["d_vocab_out"] = c.DVocabOut,
            ["act_fn"] = c.ActFn,
            ["attn_only"] = c.AttnOnly,
            ["gated_mlp"] = c.GatedMlp,
            // Additions of this toolkit, for models that the classic settings cannot say.
            ["gated_bias_inside"] = c.GatedBiasInside ? true : null,
            ["alibi_in_scale"] = c.AlibiInScale ? true : null,
            ["parallel_attn_mlp"] = c.ParallelAttnMlp,
            ["normalization_type"] = c.NormalizationType == NormalizationType.None ? null : c.NormalizationType.ToString(),
            ["final_rms"] = c.NormalizationType is NormalizationType.RMS or NormalizationType.RMSPre,
            ["eps"] = c.Eps,
            ["attention_dir"] = c.AttentionDir == AttentionDirection.Causal ? "causal" : "bidirectional",
            ["attention_masks"] = Masks(c),
            ["positional_embedding_type"] = PositionName(c.PositionalEmbeddingType),
            ["rotary_dim"] = c.RotaryDim,
            ["rotary_base"] = c.RotaryBase,
            ["rotary_adjacent_pairs"] = c.RotaryAdjacentPairs,
            ["rotary_base_local"] = c.RotaryBaseLocal,
            ["use_local_attn"] = c.WindowSize is not null,
            ["window_size"] = c.WindowSize,
            ["attn_types"] = Reaches(c),
            ["use_qk_norm"] = c.UseQkNorm,
            ["attn_scores_soft_cap"] = c.AttnScoresSoftCap,
            ["output_logits_soft_cap"] = c.OutputLogitsSoftCap,
            ["use_normalization_before_and_after"] = c.UseNormalizationBeforeAndAfter,
            ["post_embedding_ln"] = c.PostEmbeddingLn,
            ["num_experts"] = c.NumExperts,
            ["experts_per_token"] = c.ExpertsPerToken,
            ["use_attn_scale"] = c.UseAttnScale,
            ["attn_scale"] = c.AttnScale,
            ["scale_attn_by_inverse_layer_idx"] = c.ScaleAttnByInverseLayerIdx,
            ["initializer_range"] = c.InitializerRange,
            ["default_prepend_bos"] = c.DefaultPrependBos,
            ["eos_token_id"] = c.EosTokenId,
            ["tie_word_embeddings"] = tied,
            [ClassicWeights.TiedNorms] = tiedNorms ? true : null,
        };
        AddScaling(json, c.RotaryScaling);
        foreach (var name in json.Where(pair => pair.Value is null).Select(pair => pair.Key).ToList()) json.Remove(name);
        return [.. JsonSerializer.SerializeToUtf8Bytes(json, Indented), (byte)'\n'];
    }

    private static string PositionName(PositionalEmbeddingType type) => type switch
    {
        PositionalEmbeddingType.Standard => "standard",
        PositionalEmbeddingType.Rotary => "rotary",
        PositionalEmbeddingType.Shortformer => "shortformer",
        PositionalEmbeddingType.Alibi => "alibi",
        PositionalEmbeddingType.None => "none",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no classic name"),
    };

    private static void AddScaling(JsonObject json, RotaryScaling? scaling)
    {
        json["use_NTK_by_parts_rope"] = scaling is RotaryScaling.Llama3;
        switch (scaling)
        {
            case RotaryScaling.Linear linear:
                json["rotary_scaling_factor"] = linear.Factor;
                break;
            case RotaryScaling.Llama3 parts:
                json["NTK_by_parts_factor"] = parts.Factor;
                json["NTK_by_parts_low_freq_factor"] = parts.LowFrequencyFactor;
                json["NTK_by_parts_high_freq_factor"] = parts.HighFrequencyFactor;
                json["NTK_original_ctx_len"] = parts.OriginalContext;
                break;
            case not null:
                throw new NotSupportedException($"rotary positions scaled by {scaling} have no classic setting");
        }
    }

    private static JsonArray? Reaches(HookedTransformerConfig c) => c.WindowSize is null
        ? null
        : new JsonArray([.. Enumerable.Range(0, c.NLayers).Select(layer => JsonValue.Create(c.WindowOf(layer) is null ? "global" : "local"))]);

    private static JsonArray? Masks(HookedTransformerConfig c) => c.AttentionMasks is null
        ? null
        : new JsonArray([.. c.AttentionMasks.Select(mask =>
            (JsonNode)new JsonArray([.. mask.Chunk(c.NCtx).Select(row => JsonValue.Create(string.Concat(row.Select(sees => sees ? '1' : '0'))))]))]);
}
