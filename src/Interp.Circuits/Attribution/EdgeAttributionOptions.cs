using Interp.Circuits.Patching;

namespace Interp.Circuits.Attribution;

/// <summary>How to score edges.</summary>
public sealed record EdgeAttributionOptions
{
    /// <summary>The defaults.</summary>
    public static EdgeAttributionOptions Default { get; } = new();

    /// <summary>The method; <value>EapIgInputs</value>.</summary>
    public EdgeMethod Method { get; init; } = EdgeMethod.EapIgInputs;

    /// <summary>Steps of integrated gradients; <value>5</value>, as in Hanna et al. 2024.</summary>
    public int Steps { get; init; } = 5;

    /// <summary>Where in a step gradients are taken; <value>Midpoint</value>.</summary>
    public StepRule Rule { get; init; } = StepRule.Midpoint;

    /// <summary>Memory, padding, progress and cancellation.</summary>
    public SweepOptions Sweep { get; init; } = SweepOptions.Default;

    /// <summary>The shares of the way to the corrupted value at which gradients are taken.</summary>
    internal IEnumerable<double> Shares => Enumerable.Range(0, Steps).Select(step => Rule switch
    {
        StepRule.Midpoint => (step + 0.5) / Steps,
        StepRule.CorruptedEnd => (step + 1.0) / Steps,
        _ => (double)step / Steps,
    });

    internal EdgeAttributionOptions Validate() => Steps > 0
        ? this
        : throw new ArgumentException($"integrated gradients with {Steps} steps; give at least one");
}
