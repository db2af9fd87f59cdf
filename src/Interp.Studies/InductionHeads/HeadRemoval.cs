namespace Interp.Studies.InductionHeads;

/// <summary>What is put in place of a head's output.</summary>
public enum HeadRemoval
{
    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>Its mean over the sequences and positions of the run.</summary>
    Mean,

    /// <summary>Its output on sequences of other tokens: what it says stays what it can say, but it is about another text.</summary>
    Patch,
}
