using System.Text;
using Interp.Circuits.Heads;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads.Training;

/// <summary>The model card of an induction model: what it is, the command that made it, and what was measured.</summary>
internal static class InductionModelCard
{
    internal static string Write(InductionTraining training, string command)
    {
        var (o, c, m) = (training.Options, training.Model.Config, training.LastMetrics!);
        var scores = HeadScores.Measure(training.Model);
        var text = new StringBuilder();
        text.Append($"""
            # Induction model

            An attention-only transformer of {c.NLayers} layers that continues sequences of words that repeat. Trained by this project on
            random data; a worked example of induction heads (Elhage et al. 2021, Olsson et al. 2022).

            | | |
            |---|---|
            | architecture | {c.NLayers} layers, {c.NHeads} heads of width {c.DHead}, d_model {c.DModel}, context {c.NCtx}, LayerNorm, learned positions, no MLPs |
            | vocabulary | `{InductionVocabulary.Start}` and {c.DVocab - 1} words (`token_mappings.json`) |
            | parameters | {training.Model.ParameterCount:N0} |
            | data | `{InductionVocabulary.Start}`, then random words that repeat with a period of {o.MinPeriod} to {o.MaxPeriod}, drawn anew for every sequence |
            | training | {o.Steps} steps of {o.Batch} sequences, AdamW, peak learning rate {o.LearningRate}, weight decay {o.WeightDecay}, seed {o.Seed}, {training.Model.Device} |
            | made by | `{command}` |

            ## Measured after the last step

            | | |
            |---|---|
            | loss, all positions | {m.Loss:F3} nats |
            | loss where the text repeats | {m.RepeatedLoss:F4} nats (guessing: {Math.Log(c.DVocab - 1):F2}) |

            """);
        text.Append($"Scores of the heads on {scores.Sequences} sequences of {scores.Repeats} × {scores.Period} random words, seed {scores.Seed}:\n\n");
        text.Append("| head | previous token | duplicate token | induction |\n|---|---|---|---|\n");
        foreach (var h in scores.Heads) text.Append($"| {h.Label} | {h.PreviousToken:F3} | {h.DuplicateToken:F3} | {h.Induction:F3} |\n");
        return text.ToString();
    }
}
