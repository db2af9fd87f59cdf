namespace Interp.Sae.Activations;

/// <summary>How activations are taken from a model.</summary>
public sealed record ModelActivationsOptions
{
    /// <summary>Sequences a run of the model; <value>32</value> (SAELens).</summary>
    public int Sequences { get; init; } = 32;

    /// <summary>
    /// How many positions at the start of a sequence are left out; <value>0</value>. The BOS token's activations are
    /// unlike all others, so that 1 is usual where there is one.
    /// </summary>
    public int SkipPositions { get; init; }

    /// <summary>The seed of the order of sequences; <value>0</value>.</summary>
    public ulong Seed { get; init; }

    internal ModelActivationsOptions Validate(TokenSequences sequences)
    {
        if (Sequences < 1)
            throw new ArgumentException($"activations: {Sequences} sequences a run; it must be at least 1");
        if (SkipPositions < 0 || SkipPositions >= sequences.Length)
            throw new ArgumentException($"activations: {SkipPositions} skipped positions of sequences of "
                + $"{sequences.Length}");
        return this;
    }
}
