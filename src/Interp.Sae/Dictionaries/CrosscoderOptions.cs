using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>Options of a <see cref="Crosscoder"/>; the defaults are those of its open replication.</summary>
public sealed record CrosscoderOptions : DictionaryOptions
{
    /// <summary>The number of places, layers or models, that are read and rebuilt together.</summary>
    public required int Sites { get; init; }

    /// <summary>λ, the weight of the sparsity term; <value>2</value>.</summary>
    public double L1Coefficient { get; init; } = 2;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(Sites >= 1, $"Sites {Sites} must be positive");
        NotNegative(L1Coefficient, nameof(L1Coefficient));
        Require(!ApplyBDecToInput,
            "a crosscoder's encoder reads the activations as they are: set ApplyBDecToInput to false");
        Require(InputNormalization == InputNormalization.None, "a crosscoder has no InputNormalization");
    }

    private protected override SparseCoder Make(Generator generator) => new Crosscoder(this, generator);
}
