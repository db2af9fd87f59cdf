namespace Interp.Reports;

/// <summary>One feature of a <see cref="FeaturesView"/>: a direction of a sparse dictionary, or a neuron.</summary>
public sealed record FeatureSheet
{
    /// <summary>Its number; each of a view has another.</summary>
    public required int Index { get; init; }

    /// <summary>The share of tokens on which it is above zero; 0 is shown as dead.</summary>
    public required double Density { get; init; }

    /// <summary>Its largest activation; tokens are coloured against it.</summary>
    public required double Maximum { get; init; }

    /// <summary>Its smallest activation.</summary>
    /// <value>Default: 0.</value>
    public double Minimum { get; init; }

    /// <summary>Its mean where it is above zero.</summary>
    /// <value>Default: 0.</value>
    public double Mean { get; init; }

    /// <summary>Its activations.</summary>
    /// <value>Default: null, none is drawn.</value>
    public FeatureBars? Activations { get; init; }

    /// <summary>Groups of examples in the order in which they are shown.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<FeatureWindows> Examples { get; init; } = [];

    /// <summary>The tokens whose logits it raises most, the most first.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<FeatureToken> Promoted { get; init; } = [];

    /// <summary>The tokens whose logits it lowers most, the most first.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<FeatureToken> Suppressed { get; init; } = [];

    /// <summary>What it adds to the logits of all tokens.</summary>
    /// <value>Default: null, none is drawn.</value>
    public FeatureBars? Logits { get; init; }

    /// <summary>Lists of what is related to it.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<FeatureRelations> Related { get; init; } = [];
}
