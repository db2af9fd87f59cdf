using Interp.Hooks;

namespace Interp.Circuits.Probes;

/// <summary>Where probes are fitted, and how they are tested.</summary>
public sealed record ProbeSweepOptions
{
    /// <summary>The activations, a name or a pattern; <value>blocks.*.hook_resid_post</value>.</summary>
    public string Hook { get; init; } = "blocks.*.hook_resid_post";

    /// <summary>The positions, each with a probe of its own; <value>all</value>.</summary>
    public Slice Positions { get; init; } = Slice.All;

    /// <summary>Which probe; <value>Logistic</value>.</summary>
    public ProbeKind Kind { get; init; } = ProbeKind.Logistic;

    /// <summary>How a logistic probe is fitted.</summary>
    public LogisticProbeOptions Logistic { get; init; } = new();

    /// <summary>The share of examples that is kept for the test; <value>0.2</value>.</summary>
    public double TestShare { get; init; } = 0.2;

    /// <summary>The seed of the split and of the shuffled labels; <value>0</value>.</summary>
    public ulong Seed { get; init; }

    /// <summary>Texts that are run at once; <value>32</value>.</summary>
    public int BatchSize { get; init; } = 32;
}
