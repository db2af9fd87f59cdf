namespace Interp.Sae.Dashboards;

/// <summary>What a dashboard shows of each feature.</summary>
public sealed record DashboardOptions
{
    /// <summary>Strongest examples a feature, one a sequence; <value>12</value>.</summary>
    public int TopExamples { get; init; } = 12;

    /// <summary>Random examples from each interval of activations; <value>3</value>.</summary>
    public int IntervalExamples { get; init; } = 3;

    /// <summary>Tokens shown before the one that fires; <value>12</value>.</summary>
    public int Before { get; init; } = 12;

    /// <summary>Tokens shown behind the one that fires; <value>6</value>.</summary>
    public int After { get; init; } = 6;

    /// <summary>Tokens at either end of the logit table; <value>10</value> (sae_vis).</summary>
    public int Logits { get; init; } = 10;

    /// <summary>Related features and neurons; <value>5</value>.</summary>
    public int Related { get; init; } = 5;

    /// <summary>Positions at the start of every sequence that are not read, such as the BOS token; <value>0</value>.</summary>
    public int SkipPositions { get; init; }

    /// <summary>The features to look at; null: all. <value>null</value></summary>
    public IReadOnlyList<int>? Features { get; init; }

    /// <summary>
    /// Above this many features correlations are not measured, for which all pairs are held: 8 bytes · n² / 2, 268 MB
    /// at the default. <value>8192</value>
    /// </summary>
    public int MostForCorrelation { get; init; } = 8192;

    /// <summary>The seed of the random examples; <value>0</value>.</summary>
    public ulong Seed { get; init; }

    internal void Validate(int features)
    {
        foreach (var (name, value) in new[]
                 {
                     (nameof(TopExamples), TopExamples), (nameof(IntervalExamples), IntervalExamples),
                     (nameof(Before), Before), (nameof(After), After), (nameof(Logits), Logits),
                     (nameof(Related), Related), (nameof(SkipPositions), SkipPositions),
                     (nameof(MostForCorrelation), MostForCorrelation),
                 })
            if (value < 0) throw new ArgumentException($"dashboard: {name} is {value}; it must be at least 0");
        if (Features is null) return;
        if (Features.Count == 0) throw new ArgumentException("dashboard: an empty list of features; leave it out for all");
        foreach (var feature in Features)
            if (feature < 0 || feature >= features)
                throw new ArgumentException($"dashboard: there is no feature {feature}; they are 0 to {features - 1}");
        if (Features.Distinct().Count() < Features.Count)
            throw new ArgumentException("dashboard: a feature is named twice");
    }
}
