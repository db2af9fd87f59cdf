using Interp.Models;
using Interp.Reports;
using Interp.Studies.Pages;

namespace Interp.Studies.ModularAddition;

/// <summary>The proof as a page: verdicts first, then every step from the embedding to the logits.</summary>
public static class GrokReport
{
    /// <summary>Makes the page.</summary>
    /// <param name="model">The model.</param>
    /// <param name="known">Its training; null where it is not known.</param>
    /// <param name="run">What the model computes.</param>
    /// <param name="analysis">The analysis.</param>
    /// <param name="curve">Progress measures; empty where the training is not known.</param>
    /// <param name="phases">The phases, or null.</param>
    /// <param name="command">The command line that makes the page again.</param>
    public static Report Create(HookedTransformer model, ModularRun? known, ModularActivations run, GrokAnalysis analysis,
        IReadOnlyList<ProgressMeasures> curve, GrokPhases? phases, string command)
    {
        var title = $"How a transformer computes {Formula(analysis.Task)}";
        var summary = Summary(analysis);
        var report = ModelReport.Create(title, command, model, known?.Options.Seed,
            char.ToUpperInvariant(summary[0]) + summary[1..] + ".");
        report.Configuration["modulus"] = analysis.Task.Modulus;
        report.Configuration["operation"] = analysis.Task.Operation.ToString().ToLowerInvariant();
        Verdicts(report.AddSection("The claims"), analysis);
        if (known is not null) TrainingFigures.Add(report, known, curve, phases, analysis);
        CircuitFigures.Add(report, run, analysis);
        Ablations(report.AddSection("What can go and what cannot"), analysis);
        return report;
    }

    /// <summary>One sentence.</summary>
    /// <param name="analysis">The analysis.</param>
    public static string Summary(GrokAnalysis analysis)
    {
        var verdicts = analysis.Verdicts();
        var holding = $"{verdicts.Count(v => v.Holds)} of {verdicts.Count} published claims hold";
        return analysis.CircuitFound
            ? $"circuit found: {Formula(analysis.Task)} with the frequencies {analysis.Frequencies}; {holding}"
            : $"no circuit found; {holding}";
    }

    /// <summary>A loss with two digits, however small.</summary>
    /// <param name="loss">The loss.</param>
    public static string Loss(double loss) => loss is > 0 and < 0.01 ? loss.ToString("0.0e-0") : $"{loss:0.00}";

    private static string Formula(ModularTask task) => $"a {task.Sign} b mod {task.Modulus}";

    private static void Verdicts(ReportSection section, GrokAnalysis analysis)
    {
        section.Add("""
            The claims are those of Nanda et al. 2023, "Progress measures for grokking via mechanistic interpretability", with the numbers published
            for its one model; models from other seeds differ, and so do their frequencies. The bounds are this toolkit's: the paper has none.
            """);
        section.Add(Circuit(analysis.Task));
        var table = new ReportTable("Claims", "claim", "holds", new TableColumn("measured") { Wrap = true }, "published",
            new TableColumn("holds when") { Wrap = true })
        {
            Caption = "Core claims, without which there is no such circuit, are marked with *.",
        };
        foreach (var v in analysis.Verdicts()) table.AddRow(v.Claim + (v.IsCore ? " *" : ""), v.Holds ? "yes" : "no", v.Measured, v.Published, v.HoldsWhen);
        section.Add(table);
        var q = analysis.Algorithm;
        section.Add($"Clock or pizza (Zhong et al. 2023, \"The Clock and the Pizza\"): gradient symmetricity {q.GradientSymmetricity:0.000}, distance irrelevance "
            + $"{q.DistanceIrrelevance:0.000}: {q.Verdict}. Published: pizza 0.99 and 0.17, clock 0.33 and 0.85.");
        var keys = new ReportTable("Key frequencies by the three published rules", "rule", "frequencies");
        foreach (var key in analysis.KeyFrequencies) keys.AddRow(key.RuleText, key.ToString());
        section.Add(keys);
    }

    private static string Circuit(ModularTask task) =>
        "The circuit: " + task.Operation switch
        {
            ModularOperation.Multiply => "each number a becomes cos and sin of w log a (logarithms to the smallest generator of the group)",
            _ => "each number a becomes cos wa and sin wa",
        }
        + $" for a few frequencies w = 2πk/{task.Order}; attention and MLP multiply them to cos w({task.Combined}) and sin w({task.Combined}); "
        + $"the unembedding reads cos w({task.Distance}), which is largest at the right answer for every frequency at once."
        + (task.Operation == ModularOperation.Subtract ? " For a sum both numbers may be treated alike; a difference needs heads that tell them apart." : "");

    private static void Ablations(ReportSection section, GrokAnalysis analysis)
    {
        section.Add($"The mean loss over all {analysis.Task.Order * analysis.Task.Order:N0} pairs when a part is replaced; guessing costs {analysis.Uniform:0.00}. "
            + "What the circuit does not use can go: the loss stays, or falls, since what is left is only the circuit.");
        var table = new ReportTable("Replaced parts", "part", "loss", "over the baseline", "published loss");
        foreach (var ablation in analysis.Ablations.All)
            table.AddRow(ablation.Name, Loss(ablation.Loss), $"{ablation.Loss / analysis.Ablations.Baseline.Loss:0.##} ×",
                ablation.Published is { } published ? Loss(published) : "");
        section.Add(table);
    }
}
