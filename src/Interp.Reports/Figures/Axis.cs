namespace Interp.Reports;

/// <summary>One axis of a figure.</summary>
/// <param name="Title">What the axis measures, with its unit: "step", "loss (nats per token)".</param>
public sealed record Axis(string Title = "")
{
    /// <summary>Powers of ten at equal distances; numbers of zero and below cannot be drawn and are counted.</summary>
    /// <value>Default: false.</value>
    public bool Logarithmic { get; init; }

    /// <summary>Where the axis begins.</summary>
    /// <value>Default: null, chosen from the data.</value>
    public double? Minimum { get; init; }

    /// <summary>Where the axis ends.</summary>
    /// <value>Default: null, chosen from the data.</value>
    public double? Maximum { get; init; }
}
