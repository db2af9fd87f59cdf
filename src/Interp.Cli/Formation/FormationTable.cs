using Interp.Cli.Json;
using Interp.Cli.Output;
using Interp.Studies.InductionHeads.Formation;

namespace Interp.Cli.Formation;

/// <summary>A study of how induction heads form, on the terminal and as JSON.</summary>
internal static class FormationTable
{
    /// <summary>The claims, and one line that sums them up.</summary>
    public static void Write(FormationStudy study, CliConsole console)
    {
        VerdictTable.Write(study.Verdicts(), console);
        console.Line(FormationReport.Summary(study));
    }

    /// <summary>The shape that <c>induction formation --json</c> prints.</summary>
    public static FormationJson ToJson(FormationStudy study) => new(study.Holds,
        [.. study.Runs.Select(run =>
        {
            var (change, last) = (run.PhaseChange, run.Metrics[^1]);
            return new FormationRunJson(run.Options.Layers, run.Options.Seed, change.Exists, change.Exists ? run.Metrics[change.Checkpoint].Step : null,
                change.Others.ToDictionary(curve => curve.Name, curve => run.Metrics[curve.Change].Step), last.PrefixMatching, last.InContext, last.RepeatedLoss);
        })],
        VerdictTable.ToJson(study.Verdicts()));
}
