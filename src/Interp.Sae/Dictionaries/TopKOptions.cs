using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>Options of a <see cref="TopKSae"/>.</summary>
public record TopKOptions : DictionaryOptions
{
    /// <summary>How many features are on; <value>32</value> (Gao et al. 2024).</summary>
    public int K { get; init; } = 32;

    /// <summary>The weight of the term that revives dead features; <value>1/32</value> (Gao et al. 2024); 0 leaves it
    /// out.</summary>
    public double AuxCoefficient { get; init; } = 1.0 / 32;

    /// <summary>How many dead features that term uses; null is half of d_in, as in the paper.</summary>
    public int? KAux { get; init; }

    /// <summary>
    /// Whether features are compared by how far they move the reconstruction, their activation times the length of
    /// their decoder direction, as SAELens trains. <value>true</value>
    /// </summary>
    public bool RescaleByDecoderNorm { get; init; } = true;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(K >= 1 && K <= DSae, $"k {K} must be from 1 to d_sae {DSae}");
        Require(KAux is null or >= 1, $"KAux {KAux} must be positive");
        NotNegative(AuxCoefficient, nameof(AuxCoefficient));
    }

    private protected override SparseCoder Make(Generator generator) => new TopKSae(this, generator);
}
