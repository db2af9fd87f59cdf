using Interp.Models.Encoders;

namespace Interp.Loading.Encoders;

/// <summary>Hugging Face's DistilBERT: half of BERT's layers, no token types.</summary>
internal sealed record DistilBertLayout() : EncoderLayout("distilbert", "DistilBert", EncoderNames.DistilBert)
{
    internal override HookedEncoderConfig Configure(ConfigReader c, LoadOptions options)
    {
        var (width, heads) = (c.Size("dim", 768), c.Size("n_heads", 12));
        var activation = c.Activation("activation", "gelu");
        // Sinusoidal positions are stored like learned ones.
        c.Skip("sinusoidal_pos_embds", "dropout", "attention_dropout", "qa_dropout", "seq_classif_dropout", "tie_weights_");
        return new HookedEncoderConfig
        {
            NLayers = c.Size("n_layers", 6),
            DModel = width,
            NHeads = heads,
            DHead = HuggingFaceConfig.HeadWidth(c, "dim", width, "n_heads", heads),
            NCtx = c.Size("max_position_embeddings", 512),
            DVocab = c.Size("vocab_size"),
            DMlp = c.Size("hidden_dim", 4 * 768),
            ActFn = activation,
            HeadActFn = activation,
            Dtype = options.Dtype,
        };
    }
}
