using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>Options of a <see cref="GatedSae"/>; the defaults are SAELens 6's.</summary>
public sealed record GatedOptions : DictionaryOptions
{
    /// <summary>λ, the weight of the sparsity term; <value>1</value>.</summary>
    public double L1Coefficient { get; init; } = 1;

    /// <summary>Whether the penalty counts a gate times the length of its decoder direction;
    /// <value>true</value>.</summary>
    public bool ScaleByDecoderNorm { get; init; } = true;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        NotNegative(L1Coefficient, nameof(L1Coefficient));
    }

    private protected override SparseCoder Make(Generator generator) => new GatedSae(this, generator);
}
