using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>Options of a <see cref="BatchTopKSae"/>.</summary>
public record BatchTopKOptions : TopKOptions
{
    /// <summary>How far a step moves the threshold toward the batch's smallest activation; <value>0.01</value>
    /// (SAELens).</summary>
    public double ThresholdRate { get; init; } = 0.01;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(ThresholdRate is > 0 and <= 1, $"ThresholdRate {ThresholdRate} must be above 0 and at most 1");
    }

    private protected override SparseCoder Make(Generator generator) => new BatchTopKSae(this, generator);
}
