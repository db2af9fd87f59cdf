namespace Interp.Studies.KnownAlgorithms;

/// <summary>How many examples an algorithm is studied on.</summary>
public sealed record AlgorithmOptions
{
    /// <summary>
    /// Examples that a circuit is chosen by, others that it is tested on, and others that means are taken over;
    /// <value>600 </value> each.
    /// </summary>
    public int Examples { get; init; } = 600;

    /// <summary>The seed of the first; the others follow. <value>0</value></summary>
    public int Seed { get; init; }
}
