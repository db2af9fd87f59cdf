using Interp.Circuits.Heads;
using Interp.Circuits.Statistics;
using Interp.Cli.Json;
using Interp.Cli.Output;
using Interp.Studies.InductionHeads;

namespace Interp.Cli.Induction;

/// <summary>An analysis of induction heads on the terminal and as JSON.</summary>
internal static class InductionTable
{
    /// <summary>The claims, and one line that sums them up.</summary>
    public static void Write(InductionAnalysis analysis, CliConsole console)
    {
        VerdictTable.Write(analysis.Verdicts(), console);
        console.Line(InductionReport.Summary(analysis));
    }

    /// <summary>The shape that <c>induction report --json</c> prints.</summary>
    public static InductionJson ToJson(InductionAnalysis a) => new(
        a.CircuitFound, Names(a.Previous), Names(a.Induction), Json(a.Detection.InContext), Json(a.Detection.FirstLoss), Json(a.Detection.RepeatedLoss),
        [.. a.Detection.LossByPosition.Select(Json)],
        [.. a.Detection.Heads.Select((head, at) => new InductionHeadJson(head.Name.ToString(), Json(head.PreviousToken), Json(head.DuplicateToken),
            Json(head.Induction), Json(head.Copying), a.CopyingEigenvalues[at], a.Direct.Effects[at]))],
        [.. a.Methods.Select(method => new HeadsByMethodJson(method.Method, method.Rule, Names(method.Previous), Names(method.Induction)))],
        [.. a.Composition.Select(pair => new CompositionJson(pair.Earlier.ToString(), pair.Later.ToString(), pair.Q, pair.K, pair.V,
            pair.Match.SelfMatch, pair.Match.Eigenvalues, double.IsNaN(pair.Contrast) ? null : pair.Contrast))],
        [.. new[] { a.Whole }.Concat(a.WithoutPrevious).Concat(a.Single).Select(run => new KnockoutJson(Names(run.Without),
            run.How.ToString().ToLowerInvariant(), run.Induction, run.FirstLoss, run.RepeatedLoss))],
        a.Routes is { } r ? new RoutesJson(r.Sender.ToString(), r.Baseline, r.Whole, r.Key, r.Query, r.Value) : null,
        VerdictTable.ToJson(a.Verdicts()));

    private static string[] Names(IEnumerable<HeadName> heads) => [.. heads.Select(head => head.ToString())];

    private static EstimateJson Json(Estimate estimate) => new(estimate.Mean, estimate.HalfWidth);
}
