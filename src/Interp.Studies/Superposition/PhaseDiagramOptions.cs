namespace Interp.Studies.Superposition;

/// <summary>Which phase diagram to train, and how.</summary>
public sealed record PhaseDiagramOptions
{
    /// <summary>2 features in one dimension (<see cref="TwoFeatures"/>) or 3 in two (<see cref="ThreeFeatures"/>);
    /// <value>2</value>.</summary>
    public int Features { get; init; } = 2;

    /// <summary>r, the importances of the last feature relative to the others': the columns.</summary>
    public required IReadOnlyList<double> Importances { get; init; }

    /// <summary>p, the densities: the rows.</summary>
    public required IReadOnlyList<double> Densities { get; init; }

    /// <summary>Models for each cell, of which the one of least loss counts: some get stuck; <value>6</value>. The
    /// paper trains ten and leaves out the worst.</summary>
    public int Starts { get; init; } = 6;

    /// <summary>Steps; <value>1500</value>, over the second half of which the learning rate falls.</summary>
    public int Steps { get; init; } = 1500;

    /// <summary>Examples a step and model; <value>128</value>.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>AdamW's learning rate; <value>1e-2</value>.</summary>
    public double LearningRate { get; init; } = 1e-2;

    /// <summary>The seed; <value>0</value>.</summary>
    public ulong Seed { get; init; }
}
