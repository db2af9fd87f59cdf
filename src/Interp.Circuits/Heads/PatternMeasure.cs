namespace Interp.Circuits.Heads;

/// <summary>How attention is compared with the pattern that a kind of head should have.</summary>
public enum PatternMeasure
{
    /// <summary>The share of all attention that goes where the pattern is one: Σ A M / Σ A.</summary>
    Mul,

    /// <summary>
    /// One minus the mean over queries of Σ |A − M|, from 1 (the same) down to −1; for patterns with fractions too.
    /// </summary>
    Abs,
}
