using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>The architecture of a <see cref="HookedEncoderDecoder"/>, in the field's classic names.</summary>
public sealed record HookedEncoderDecoderConfig
{
    /// <summary>What the model is called in reports.</summary>
    public string ModelName { get; init; } = "custom";

    /// <summary>Number of blocks of the encoder.</summary>
    public required int NLayers { get; init; }

    /// <summary>Number of blocks of the decoder.</summary>
    public required int NDecoderLayers { get; init; }

    /// <summary>Width of the residual streams.</summary>
    public required int DModel { get; init; }

    /// <summary>Attention heads a layer.</summary>
    public required int NHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int DHead { get; init; }

    /// <summary>Number of tokens.</summary>
    public required int DVocab { get; init; }

    /// <summary>Neurons of an MLP.</summary>
    public required int DMlp { get; init; }

    /// <summary>The MLP's activation function; see <see cref="Activations"/>. <value>relu</value></summary>
    public string ActFn { get; init; } = "relu";

    /// <summary>MLPs multiply the activation with a second linear map (T5 1.1).</summary>
    public bool GatedMlp { get; init; }

    /// <summary>Added under the root of the norms; <value>1e-6</value>.</summary>
    public double Eps { get; init; } = 1e-6;

    /// <summary>Kinds of distances that attention tells apart; even. <value>32</value></summary>
    public int RelativeAttentionNumBuckets { get; init; } = 32;

    /// <summary>The distance from which on all are one kind. <value>128</value></summary>
    public int RelativeAttentionMaxDistance { get; init; } = 128;

    /// <summary>
    /// The unembedding is the embedding, and what it reads is scaled by 1/√d_model. <value>true</value>
    /// </summary>
    public bool TieWordEmbeddings { get; init; } = true;

    /// <summary>The token with which the decoder starts, or null.</summary>
    public int? DecoderStartTokenId { get; init; }

    /// <summary>The token that ends a text, or null.</summary>
    public int? EosTokenId { get; init; }

    /// <summary>The element type of the weights; <value>Float32</value>.</summary>
    public ScalarType Dtype { get; init; } = ScalarType.Float32;

    /// <summary>Checks that the settings go together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the setting and what it should be.</exception>
    public HookedEncoderDecoderConfig Validate()
    {
        Settings.Positive((NLayers, nameof(NLayers)), (NDecoderLayers, nameof(NDecoderLayers)), (DModel, nameof(DModel)),
            (NHeads, nameof(NHeads)), (DHead, nameof(DHead)), (DVocab, nameof(DVocab)), (DMlp, nameof(DMlp)));
        Settings.Require(Eps > 0, $"Eps is {Eps}; it must be positive");
        Settings.Activation(ActFn, nameof(ActFn));
        Settings.Require(RelativeAttentionNumBuckets >= 4 && RelativeAttentionNumBuckets % 2 == 0,
            $"RelativeAttentionNumBuckets is {RelativeAttentionNumBuckets}; it must be even and at least 4");
        Settings.Require(RelativeAttentionMaxDistance > RelativeAttentionNumBuckets / 2,
            $"RelativeAttentionMaxDistance is {RelativeAttentionMaxDistance}; it must be larger than half of the " +
            $"{RelativeAttentionNumBuckets} buckets, which are single distances");
        Settings.Require(DecoderStartTokenId is null || (DecoderStartTokenId >= 0 && DecoderStartTokenId < DVocab),
            $"DecoderStartTokenId is {DecoderStartTokenId}; it must be a token, 0 to {DVocab - 1}");
        return this;
    }
}
