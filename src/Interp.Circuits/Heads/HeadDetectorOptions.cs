namespace Interp.Circuits.Heads;

/// <summary>How <see cref="HeadDetector"/> compares.</summary>
public sealed record HeadDetectorOptions
{
    /// <summary>The measure; <value>Mul</value>.</summary>
    public PatternMeasure Measure { get; init; } = PatternMeasure.Mul;

    /// <summary>
    /// Leave out attention to the first token, where heads that have nothing to do rest. <value>false</value>
    /// </summary>
    public bool ExcludeBos { get; init; }

    /// <summary>Leave out attention of tokens to themselves. <value>false</value></summary>
    public bool ExcludeCurrentToken { get; init; }

    /// <summary>Only these heads; all where null. The others score −1, as in the classic model.</summary>
    public IReadOnlyCollection<(int Layer, int Head)>? Heads { get; init; }
}
