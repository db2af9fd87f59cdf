namespace Interp.Studies.GreaterThan;

/// <summary>The claims of Hanna et al. 2023 about what GPT-2 small does.</summary>
public static class GreaterThanVerdicts
{
    private const double Difference = 0.5;
    private const double Sharpness = 0.02;

    /// <summary>Checks them.</summary>
    public static IReadOnlyList<Verdict> Of(GreaterThanBehaviour behaviour) =>
    [
        new("later years are more probable", $"probability difference {behaviour.ProbabilityDifference:0.0%}", "81.7%",
            $"≥ {Difference:0%}",
            behaviour.ProbabilityDifference >= Difference, IsCore: true),
        new("from the next year on", $"cutoff sharpness {behaviour.Sharpness:0.0%}", "6.0%", $"≥ {Sharpness:0%}",
            behaviour.Sharpness >= Sharpness),
    ];
}
