namespace Interp.Loading.Encoders;

/// <summary>What a model of the BERT family calls its weights; linear maps and norms without <c>.weight</c> and <c>.bias</c>.</summary>
/// <param name="Prefix">Before everything but the heads.</param>
/// <param name="Layers">Before a layer's number.</param>
/// <param name="Query">Queries.</param>
/// <param name="Key">Keys.</param>
/// <param name="Value">Values.</param>
/// <param name="Out">From the heads to the stream.</param>
/// <param name="Ln1">The norm behind attention.</param>
/// <param name="MlpIn">Into the MLP.</param>
/// <param name="MlpOut">Out of it.</param>
/// <param name="Ln2">The norm behind the MLP.</param>
/// <param name="Transform">First map of the masked-language-model head.</param>
/// <param name="HeadNorm">Its norm.</param>
/// <param name="Decoder">Its unembedding, whose weight is usually the embedding and not stored.</param>
/// <param name="DecoderBias">The bias of the unembedding.</param>
internal sealed record EncoderNames(string Prefix, string Layers, string Query, string Key, string Value, string Out, string Ln1,
    string MlpIn, string MlpOut, string Ln2, string Transform, string HeadNorm, string Decoder, string DecoderBias)
{
    internal static EncoderNames Bert { get; } = new("bert.", "encoder.layer.", "attention.self.query", "attention.self.key",
        "attention.self.value", "attention.output.dense", "attention.output.LayerNorm", "intermediate.dense", "output.dense",
        "output.LayerNorm", "cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.decoder",
        "cls.predictions.bias");

    internal static EncoderNames Roberta { get; } = Bert with
    {
        Prefix = "roberta.",
        Transform = "lm_head.dense",
        HeadNorm = "lm_head.layer_norm",
        Decoder = "lm_head.decoder",
        DecoderBias = "lm_head.bias",
    };

    internal static EncoderNames DistilBert { get; } = new("distilbert.", "transformer.layer.", "attention.q_lin", "attention.k_lin",
        "attention.v_lin", "attention.out_lin", "sa_layer_norm", "ffn.lin1", "ffn.lin2", "output_layer_norm", "vocab_transform",
        "vocab_layer_norm", "vocab_projector", "vocab_projector.bias");
}
