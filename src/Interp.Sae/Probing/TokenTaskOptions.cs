namespace Interp.Sae.Probing;

/// <summary>How rows are drawn for a <see cref="TokenTask"/>.</summary>
public sealed record TokenTaskOptions
{
    /// <summary>The most rows of each class for training; <value>1000</value>.</summary>
    public int TrainRows { get; init; } = 1000;

    /// <summary>The most rows of each class for the test; <value>250</value>.</summary>
    public int TestRows { get; init; } = 250;

    /// <summary>The fewest different tokens of each class; a fifth of them are tested. <value>5</value></summary>
    public int Tokens { get; init; } = 5;

    /// <summary>The fewest rows of each class, in training and in the test; <value>10</value>.</summary>
    public int FewestRows { get; init; } = 10;

    /// <summary>What decides which tokens are tested and which rows are drawn; <value>0</value>.</summary>
    public ulong Seed { get; init; }
}
