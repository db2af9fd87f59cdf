using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>The frequencies that a model computes with, and the rule by which they were found.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Frequencies">In rising order.</param>
public sealed record KeyFrequencies(FrequencyRule Rule, IReadOnlyList<int> Frequencies)
{
    /// <summary>From this share of the largest component's norm on a component counts.</summary>
    public const double Threshold = 0.25;

    /// <summary>What the rule is, in words.</summary>
    public string RuleText => Rule switch
    {
        FrequencyRule.Embedding => "a component of W_E above 1/4 of the largest",
        FrequencyRule.NeuronLogitMap => "a component of W_out W_U above 1/4 of the largest",
        _ => "the best frequency of a neuron with most of its variance in one",
    };

    /// <summary>The frequencies of a spectrum, by one of the first two rules.</summary>
    public static KeyFrequencies Of(FrequencySpectrum spectrum, FrequencyRule rule)
    {
        // The constant says nothing about frequencies.
        var limit = spectrum.Components.Skip(1).Max() * Threshold;
        return new KeyFrequencies(rule, [.. Enumerable.Range(1, spectrum.Frequencies).Where(k => limit > 0 &&
            (spectrum.Components[FourierBasis.CosineRow(k)] > limit
            || FourierBasis.SineRow(k) < spectrum.Components.Count && spectrum.Components[FourierBasis.SineRow(k)] > limit))]);
    }

    /// <inheritdoc/>
    public override string ToString() => Frequencies.Count == 0 ? "none" : string.Join(", ", Frequencies);
}
