using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;

namespace Interp.Circuits.Attribution;

/// <summary>How to search for a circuit.</summary>
public sealed record AcdcOptions
{
    /// <summary>An edge goes when that changes the metric by less than this; the paper's τ.
    /// <value>0.01</value></summary>
    public double Threshold { get; init; } = 0.01;

    /// <summary>
    /// What must not change; <value>null: KL(whole model ∥ circuit) of the next token at the last position, in
    /// nats</value>.
    /// </summary>
    public LogitMetric? Metric { get; init; }

    /// <summary>
    /// Which change counts; <value>Increase</value> without a metric, where only more divergence is worse,
    /// <value>Either</value> with one.
    /// </summary>
    public AcdcChange? Change { get; init; }

    /// <summary>Removals that are tried in one run, on the guess that all succeed; the result does not depend on it.
    /// <value>16</value></summary>
    public int Guesses { get; init; } = 16;

    /// <summary>Memory, padding, progress (edges decided) and cancellation.</summary>
    public SweepOptions Sweep { get; init; } = SweepOptions.Default;

    internal AcdcOptions Validate()
    {
        if (!(Threshold > 0))
            throw new ArgumentException($"a threshold of {Threshold} keeps every edge; give one above 0");
        return Guesses > 0 ? this : throw new ArgumentException($"{Guesses} guesses at a time; give at least one");
    }
}
