namespace Interp.Sae.Superposition;

/// <summary>Which features of the toy data occur together.</summary>
public enum FeatureCorrelation
{
    /// <summary>Each by itself.</summary>
    Independent,

    /// <summary>Features 2i and 2i + 1 are on at the same times.</summary>
    CorrelatedPairs,

    /// <summary>Of features 2i and 2i + 1 at most one is on.</summary>
    AnticorrelatedPairs,
}
