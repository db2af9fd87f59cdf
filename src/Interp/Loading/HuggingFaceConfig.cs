using System.Text.Json;

namespace Interp.Loading;

/// <summary>What the <c>config.json</c> of all Hugging Face models have in common.</summary>
internal static class HuggingFaceConfig
{
    /// <summary>Whether a configuration is of a model type.</summary>
    internal static bool Is(ConfigReader? config, string modelType) => config?.OptionalString("model_type") == modelType;

    /// <summary>
    /// The token that ends a text. Lists of several stand for models of which the first is the end of text itself. An id
    /// outside the vocabulary, as configurations keep from a larger model, can never come and is none.
    /// </summary>
    internal static int? EndToken(ConfigReader c, int vocabulary)
    {
        const string name = "eos_token_id";
        var id = c.Find(name) is { ValueKind: JsonValueKind.Array } list ? First(c, name, list) : c.OptionalInt(name);
        return id >= 0 && id < vocabulary ? id : null;
    }

    private static int? First(ConfigReader c, string name, JsonElement list)
    {
        if (list.GetArrayLength() == 0) return null;
        return list[0].ValueKind == JsonValueKind.Number && list[0].TryGetInt32(out var first)
            ? first
            : throw new ModelLoadException($"{c.Path}: the setting '{name}' is {list.GetRawText()}; expected a token or a list of tokens");
    }

    /// <summary>Settings of training, generation and bookkeeping, and the few that only one value of is supported.</summary>
    internal static void FinishCommon(ConfigReader c, bool encoderDecoder = false)
    {
        c.Expect("is_encoder_decoder", encoderDecoder);
        c.Expect("add_cross_attention", false);
        c.Expect("pruned_heads", "{}");
        c.Expect("quantization_config", null);
        c.Skip("model_type", "architectures", "transformers_version", "torch_dtype", "dtype", "_name_or_path", "use_cache", "is_decoder",
            "initializer_range", "bos_token_id", "pad_token_id", "sep_token_id", "unk_token_id", "tokenizer_class", "task_specific_params",
            "id2label", "label2id", "num_labels", "_num_labels", "problem_type", "finetuning_task", "gradient_checkpointing", "torchscript",
            "use_bfloat16", "output_attentions", "output_hidden_states", "output_past", "return_dict", "return_dict_in_generate",
            "output_scores", "tie_encoder_decoder", "cross_attention_hidden_size", "chunk_size_feed_forward", "prefix", "name_or_path",
            "_attn_implementation_autoset", "attn_implementation", "_attn_implementation", "max_length", "min_length", "do_sample",
            "early_stopping", "num_beams", "num_beam_groups", "diversity_penalty", "temperature", "top_k", "top_p", "typical_p",
            "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids",
            "num_return_sequences", "decoder_start_token_id", "forced_bos_token_id", "forced_eos_token_id", "remove_invalid_values",
            "exponential_decay_length_penalty", "suppress_tokens", "begin_suppress_tokens", "tf_legacy_loss", "auto_map");
        c.Finish();
    }

    /// <summary>The width of a head where it is not given.</summary>
    internal static int HeadWidth(ConfigReader c, string widthName, int width, string headsName, int heads) =>
        heads > 0 && width % heads == 0
            ? width / heads
            : throw new ModelLoadException($"{c.Path}: {headsName} {heads} does not divide {widthName} {width}");
}
