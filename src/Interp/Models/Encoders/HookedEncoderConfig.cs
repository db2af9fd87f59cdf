using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>The architecture of a <see cref="HookedEncoder"/>, in the field's classic names.</summary>
public sealed record HookedEncoderConfig
{
    /// <summary>What the model is called in reports.</summary>
    public string ModelName { get; init; } = "custom";

    /// <summary>Number of blocks.</summary>
    public required int NLayers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int DModel { get; init; }

    /// <summary>Attention heads a layer.</summary>
    public required int NHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int DHead { get; init; }

    /// <summary>The longest sequence.</summary>
    public required int NCtx { get; init; }

    /// <summary>Number of tokens.</summary>
    public required int DVocab { get; init; }

    /// <summary>Neurons of an MLP.</summary>
    public required int DMlp { get; init; }

    /// <summary>The MLP's activation function; see <see cref="Activations"/>. <value>gelu</value></summary>
    public string ActFn { get; init; } = "gelu";

    /// <summary>The activation function of the masked-language-model head. <value>gelu</value></summary>
    public string HeadActFn { get; init; } = "gelu";

    /// <summary>Added under the root of the norms; <value>1e-12</value>.</summary>
    public double Eps { get; init; } = 1e-12;

    /// <summary>Kinds of tokens, first and second sentence for example; <value>0</value> for a model that knows none (DistilBERT).</summary>
    public int TokenTypes { get; init; }

    /// <summary>
    /// The padding token p where positions are counted over the other tokens and start at p + 1 (RoBERTa); null where they
    /// are counted over all tokens and start at 0.
    /// </summary>
    public int? PositionPadding { get; init; }

    /// <summary>The element type of the weights; <value>Float32</value>.</summary>
    public ScalarType Dtype { get; init; } = ScalarType.Float32;

    /// <summary>Rows of the position table.</summary>
    public long PositionRows => NCtx + (PositionPadding + 1L ?? 0);

    /// <summary>Checks that the settings go together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the setting and what it should be.</exception>
    public HookedEncoderConfig Validate()
    {
        Settings.Positive((NLayers, nameof(NLayers)), (DModel, nameof(DModel)), (NHeads, nameof(NHeads)), (DHead, nameof(DHead)),
            (NCtx, nameof(NCtx)), (DVocab, nameof(DVocab)), (DMlp, nameof(DMlp)));
        Settings.Require(Eps > 0, $"Eps is {Eps}; it must be positive");
        Settings.Require(TokenTypes >= 0, $"TokenTypes is {TokenTypes}; it must not be negative");
        Settings.Require(PositionPadding is null or >= 0 && (PositionPadding is null || PositionPadding < DVocab),
            $"PositionPadding is {PositionPadding}; it must be a token, 0 to {DVocab - 1}");
        Settings.Activation(ActFn, nameof(ActFn));
        Settings.Activation(HeadActFn, nameof(HeadActFn));
        return this;
    }
}
