namespace Interp.Circuits.Heads;

/// <summary>The random sequences on which heads are scored.</summary>
public sealed record HeadScoreOptions
{
    /// <summary>Tokens that are repeated; <value>25</value>, as in Olsson et al. 2022. Shortened where the model's context or vocabulary is smaller.</summary>
    public int Period { get; init; } = 25;

    /// <summary>How often they come; <value>4</value>, as in Olsson et al. 2022. Fewer where the context is short.</summary>
    public int Repeats { get; init; } = 4;

    /// <summary>Sequences that are averaged; <value>10</value>, as in Olsson et al. 2022.</summary>
    public int Sequences { get; init; } = 10;

    /// <summary>The seed of the random tokens; <value>0</value>.</summary>
    public ulong Seed { get; init; }

    /// <summary>Tokens never drawn, for example padding; the model's own marks are left out anyway.</summary>
    public IReadOnlyCollection<long> Excluded { get; init; } = [];
}
