using Interp.Models.Encoders;

namespace Interp.Loading.Encoders;

/// <summary>Hugging Face's BERT.</summary>
internal sealed record BertLayout() : EncoderLayout("bert", "Bert", EncoderNames.Bert)
{
    internal override string[] Kinds => ["Model", "ForMaskedLM", "ForPreTraining", "ForNextSentencePrediction"];

    internal override HookedEncoderConfig Configure(ConfigReader c, LoadOptions options) => Common(c, options);

    /// <summary>What BERT and RoBERTa write alike.</summary>
    internal static HookedEncoderConfig Common(ConfigReader c, LoadOptions options)
    {
        var (width, heads) = (c.Size("hidden_size"), c.Size("num_attention_heads"));
        var activation = c.Activation("hidden_act", "gelu");
        c.Expect("position_embedding_type", "absolute");
        // The pooler's settings are those of the first release; transformers does not read them.
        c.Skip("hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout", "directionality", "pooler_fc_size",
            "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head", "pooler_type");
        return new HookedEncoderConfig
        {
            NLayers = c.Size("num_hidden_layers"),
            DModel = width,
            NHeads = heads,
            DHead = HuggingFaceConfig.HeadWidth(c, "hidden_size", width, "num_attention_heads", heads),
            NCtx = c.Size("max_position_embeddings", 512),
            DVocab = c.Size("vocab_size"),
            DMlp = c.Size("intermediate_size"),
            ActFn = activation,
            HeadActFn = activation,
            Eps = c.Double("layer_norm_eps", 1e-12),
            TokenTypes = c.Size("type_vocab_size", 2),
            Dtype = options.Dtype,
        };
    }
}
