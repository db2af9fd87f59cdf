using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>Options of a <see cref="StandardSae"/>; the defaults are SAELens 6's.</summary>
public sealed record StandardOptions : DictionaryOptions
{
    /// <summary>λ, the weight of the sparsity term; <value>1</value>. On inputs scaled to norm √d_in Anthropic uses
    /// 5.</summary>
    public double L1Coefficient { get; init; } = 1;

    /// <summary>
    /// Whether an activation counts times the length of its decoder direction (Anthropic, April 2024), so that the loss
    /// cannot be lowered by moving size from one to the other. <value>true</value>; false wants the unit-norm
    /// constraint.
    /// </summary>
    public bool ScaleByDecoderNorm { get; init; } = true;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        NotNegative(L1Coefficient, nameof(L1Coefficient));
    }

    private protected override SparseCoder Make(Generator generator) => new StandardSae(this, generator);
}
