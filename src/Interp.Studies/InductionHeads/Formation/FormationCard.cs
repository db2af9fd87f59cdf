using System.Text;

namespace Interp.Studies.InductionHeads.Formation;

/// <summary>The card of a study: how it was made, and what was measured.</summary>
internal static class FormationCard
{
    internal static string Write(FormationStudy study, string command)
    {
        var o = study.Runs[0].Options;
        using var language = new BigramLanguage(o.Vocabulary);
        var text = new StringBuilder();
        text.Append($"""
            # How induction heads form

            Attention-only transformers of two layers, in which induction heads form in a phase change, and of one layer, in which
            they cannot: after Olsson et al. 2022, "In-context Learning and Induction Heads".

            | | |
            |---|---|
            | architecture | 1 or 2 layers, {o.Heads} heads of width {o.ModelWidth / o.Heads}, d_model {o.ModelWidth}, context {o.Context}, LayerNorm, learned positions, no MLPs |
            | vocabulary | `<s>` and {o.Vocabulary - 1} words |
            | data | one half text of a Markov chain (least loss {language.Entropy:0.00} nats), one half random words that repeat with a period of {o.MinPeriod} to {o.MaxPeriod} |
            | training | {o.Steps:N0} steps of {o.Batch} sequences, AdamW, peak learning rate {o.LearningRate}, a checkpoint every {o.MeasureEvery} steps |
            | made by | `{command}` |

            ## Measured

            | layers | seed | phase change | step | prefix matching | in-context score | loss of repeated words | loss of text |
            |---|---|---|---|---|---|---|---|

            """);
        foreach (var run in study.Runs)
        {
            var (change, last) = (run.PhaseChange, run.Metrics[^1]);
            text.Append($"| {run.Options.Layers} | {run.Options.Seed} | {(change.Exists ? "yes" : "no")} | {(change.Exists ? run.Metrics[change.Checkpoint].Step.ToString() : "")} | "
                + $"{last.PrefixMatching:0.000} | {last.InContext:0.000} | {last.RepeatedLoss:0.000} | {last.TextLoss:0.000} |\n");
        }
        text.Append("\n## Claims\n\n| claim | measured | holds when | holds |\n|---|---|---|---|\n");
        foreach (var v in study.Verdicts()) text.Append($"| {v.Claim} | {v.Measured} | {v.HoldsWhen} | {(v.Holds ? "yes" : "no")} |\n");
        text.Append("""

            Each folder has a training's options in `config.json`, a line a checkpoint in `metrics.jsonl`, and in `snapshots/` the
            weights before, at and after the phase change (of one layer: first, middle, last). `./interp induction formation` draws
            it all. Another machine, or another number of threads, rounds differently: its heads form at other steps.

            """);
        return text.ToString();
    }
}
