using System.Text;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>The model card of a model of modular arithmetic: what it is, the command that made it, and what was measured.</summary>
internal static class ModularModelCard
{
    internal static string Write(ModularRun run, HookedTransformer model, GrokAnalysis analysis, GrokPhases? phases, string command)
    {
        var (o, c) = (run.Options, model.Config);
        var (train, test) = analysis.SplitLosses!.Value;
        var text = new StringBuilder();
        text.Append($"""
            # Modular arithmetic: a {analysis.Task.Sign} b mod {o.Modulus}

            A transformer of one layer, trained on a part of all pairs until it grokked, after Nanda et al. 2023, "Progress measures
            for grokking via mechanistic interpretability". Input: a, b and "=" (token {analysis.Task.EqualsToken}); the answer is read at "=".

            | | |
            |---|---|
            | architecture | 1 layer, {c.NHeads} heads of width {c.DHead}, d_model {c.DModel}, {c.DMlp} neurons with ReLU, no norms, learned positions |
            | parameters | {model.ParameterCount:N0} |
            | data | {o.Split().Train.Count:N0} of {analysis.Task.Order * analysis.Task.Order:N0} pairs (fraction {o.TrainFraction}, split seed {o.SplitSeed}) |
            | training | {o.Epochs:N0} epochs of one step, AdamW, learning rate {o.LearningRate}, weight decay {o.WeightDecay}, β₂ {o.Beta2}, seed {o.Seed} |
            | computed on | {model.Device}, threads: {torch.get_num_threads()} (`OMP_NUM_THREADS`), libtorch {Libtorch.Version} |
            | made by | `{command}` |

            ## Measured after the last epoch

            | | |
            |---|---|
            | pairs answered right | {analysis.Accuracy:0.00%} |
            | loss on the training pairs | {train:0.00e-0} |
            | loss on the other pairs | {test:0.00e-0} |
            | key frequencies | {analysis.Frequencies} ({analysis.Frequencies.RuleText}) |

            """);
        if (phases is not null)
            text.Append($"Phases: memorization to epoch {phases.Memorized:N0}, circuit formation to {phases.CircuitFormed:N0}, cleanup to {phases.CleanedUp:N0}.\n\n");
        text.Append("## Published claims\n\n| claim | measured | published | holds |\n|---|---|---|---|\n");
        foreach (var v in analysis.Verdicts()) text.Append($"| {v.Claim} | {v.Measured} | {v.Published} | {(v.Holds ? "yes" : "no")} |\n");
        text.Append("""

            `training.json` has the options, `metrics.jsonl` the losses over the training, `progress.jsonl` the progress measures, and
            `snapshots/` the weights of some epochs in float16. Another machine, or another number of threads, rounds differently and
            ends with other weights of the same kind.

            """);
        return text.ToString();
    }
}
