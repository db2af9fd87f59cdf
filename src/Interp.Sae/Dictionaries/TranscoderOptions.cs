using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>Options of a <see cref="Transcoder"/>.</summary>
public sealed record TranscoderOptions : DictionaryOptions
{
    /// <summary>The width of what is rebuilt.</summary>
    public required int DOut { get; init; }

    /// <summary>How many features are on; null uses a ReLU and the L1 penalty instead. <value>null</value></summary>
    public int? K { get; init; }

    /// <summary>λ, the weight of the L1 penalty; <value>1</value>. Not used with <see cref="K"/>.</summary>
    public double L1Coefficient { get; init; } = 1;

    /// <summary>
    /// Whether a feature is on only above a threshold of its own, as in published JumpReLU transcoders. Thresholds are
    /// kept as they are in training. <value>false</value>
    /// </summary>
    public bool JumpRelu { get; init; }

    /// <summary>Whether a linear map of the input is added to the output. <value>false</value></summary>
    public bool Skip { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(DOut > 0, $"d_out {DOut} must be positive");
        Require(K is null || (K >= 1 && K <= DSae), $"k {K} must be from 1 to d_sae {DSae}");
        NotNegative(L1Coefficient, nameof(L1Coefficient));
        Require(!JumpRelu || K is null, "JumpRelu and K exclude each other");
        Require(!ApplyBDecToInput, "a transcoder's output is not its input: set ApplyBDecToInput to false");
        Require(InputNormalization == InputNormalization.None,
            "a transcoder's output is not its input: it has no InputNormalization");
    }

    private protected override SparseCoder Make(Generator generator) => new Transcoder(this, generator);
}
