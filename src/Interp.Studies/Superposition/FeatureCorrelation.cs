namespace Interp.Studies.Superposition;

/// <summary>Which features of the toy data occur together; blocks are neighbours, as many as
/// <see cref="ToyModelOptions.BlockSize"/> says.</summary>
public enum FeatureCorrelation
{
    /// <summary>Each by itself.</summary>
    Independent,

    /// <summary>The features of a block are on at the same times, each with a value of its own.</summary>
    Correlated,

    /// <summary>Of the features of a block at most one is on.</summary>
    Anticorrelated,
}
