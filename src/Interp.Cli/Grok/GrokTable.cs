using Interp.Cli.Json;
using Interp.Cli.Output;
using Interp.Studies.ModularAddition;

namespace Interp.Cli.Grok;

/// <summary>The verdicts on the terminal.</summary>
internal static class GrokTable
{
    /// <summary>Every claim, or the core ones.</summary>
    public static void Write(GrokAnalysis analysis, CliConsole console, bool coreOnly = false)
    {
        var table = new TextTable(new TextColumn("claim"), new TextColumn("measured"), new TextColumn("published"), new TextColumn("holds"));
        foreach (var v in analysis.Verdicts().Where(v => v.IsCore || !coreOnly))
            table.Add(v.Claim, v.Measured, v.Published, new TextCell(v.Holds ? "yes" : "no", Strong: v.Holds));
        console.Table(table);
        console.Line(GrokReport.Summary(analysis));
    }

    /// <summary>The shape that <c>grok report --json</c> prints.</summary>
    public static GrokJson ToJson(GrokAnalysis a, GrokPhases? phases) => new(
        a.CircuitFound, a.Task.Modulus, a.Task.Operation.ToString().ToLowerInvariant(), a.Accuracy, a.Loss, a.SplitLosses?.Train, a.SplitLosses?.Test,
        [.. a.KeyFrequencies.Select(key => new KeyFrequenciesJson(key.RuleText, [.. key.Frequencies]))],
        a.Approximation.ExplainedVariance, a.RestrictedLoss, a.ExcludedLoss, a.Clusters.ClusteredPart, a.Algorithm.GradientSymmetricity,
        a.Algorithm.DistanceIrrelevance,
        phases is null ? null : new GrokPhasesJson(phases.Memorized, phases.CircuitFormed, phases.CleanedUp),
        [.. a.Ablations.All.Select(ablation => new AblationJson(ablation.Name, ablation.Loss, ablation.Published))],
        [.. a.Verdicts().Select(v => new VerdictJson(v.Claim, v.Measured, v.Published, v.HoldsWhen, v.Holds, v.IsCore))]);
}
