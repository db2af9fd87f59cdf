using Interp.Studies.InductionHeads;

namespace Interp.Studies.InductionHeads.Formation;

/// <summary>What the trainings of a study must show for induction heads to form in a phase change.</summary>
internal static class FormationVerdicts
{
    internal static IReadOnlyList<Verdict> Of(FormationStudy study)
    {
        var (deep, controls) = (study.Deep.ToArray(), study.Controls.ToArray());
        var changes = deep.Select(run => run.PhaseChange).ToArray();
        var bound = $"score ≥ {InductionBounds.Score}, half of its rise in a fifth of the training";
        List<Verdict> verdicts =
        [
            new("two layers go through a phase change", $"{changes.Count(change => change.Exists)} of {deep.Length} seeds", "all models of two layers or more",
                bound, deep.Length > 0 && changes.All(change => change.Exists), IsCore: true),
        ];
        foreach (var curve in changes.Length == 0 ? [] : changes[0].Others.Select(other => other.Name))
        {
            var apart = changes.Select(change => Math.Abs(change.Others.Single(other => other.Name == curve).Change - change.Checkpoint)).ToArray();
            verdicts.Add(new($"{curve}: changes with prefix matching", $"at most {apart.Max()} {(apart.Max() == 1 ? "checkpoint" : "checkpoints")} apart", "the same time",
                $"≤ {PhaseChange.Together} in every seed", changes.All(change => change.Exists) && apart.Max() <= PhaseChange.Together));
        }
        var drop = deep.Select(run => run.Metrics[^1].InContext).DefaultIfEmpty(0).Max();
        verdicts.Add(new("after it the context helps", $"at least {-drop:0.00} nats", "about 0.4 on language, tokens 50 and 500", $"≥ {InductionBounds.Advantage}",
            deep.Length > 0 && -drop >= InductionBounds.Advantage));
        var most = controls.Select(run => run.Metrics.Max(m => m.PrefixMatching)).DefaultIfEmpty(0).Max();
        verdicts.Add(new("one layer does not", $"{controls.Count(run => run.PhaseChange.Exists)} of {controls.Length} seeds, prefix matching at most {most:0.00}", "none",
            $"none, and < {InductionBounds.Score}", controls.Length > 0 && controls.All(run => !run.PhaseChange.Exists) && most < InductionBounds.Score, IsCore: true));
        return verdicts;
    }
}
