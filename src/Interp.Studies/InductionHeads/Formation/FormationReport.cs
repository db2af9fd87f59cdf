using Interp.Reports;

namespace Interp.Studies.InductionHeads.Formation;

/// <summary>A study of how induction heads form, as a page: the claims, then every curve of every seed.</summary>
public static class FormationReport
{
    /// <summary>Makes the page.</summary>
    /// <param name="study">The trainings.</param>
    /// <param name="command">The command line that makes the page again.</param>
    public static Report Create(FormationStudy study, string command)
    {
        var options = study.Runs[0].Options;
        var report = new Report("How induction heads form") { Command = command, Summary = Summary(study) };
        report.Configuration["layers"] = string.Join(", ", study.Runs.Select(run => run.Options.Layers).Distinct());
        report.Configuration["seeds"] = string.Join(", ", study.Runs.Select(run => run.Options.Seed).Distinct());
        report.Configuration["steps"] = options.Steps;
        report.Configuration["checkpoint every"] = options.MeasureEvery;
        report.Configuration["d_model"] = options.ModelWidth;
        report.Configuration["heads"] = options.Heads;
        Claims(report.AddSection("The claims"), study);
        Together(report, study);
        Curves(report.AddSection("All seeds"), study);
        Tokens(report.AddSection("Losses of single tokens"), study);
        return report;
    }

    /// <summary>One sentence.</summary>
    /// <param name="study">The trainings.</param>
    public static string Summary(FormationStudy study)
    {
        var verdicts = study.Verdicts();
        var steps = study.Deep.Where(run => run.PhaseChange.Exists).Select(run => run.Metrics[run.PhaseChange.Checkpoint].Step).Order().ToArray();
        return (steps.Length == 0 ? "No phase change" : $"Phase changes of two layers at steps {string.Join(", ", steps)}")
            + $"; {verdicts.Count(v => v.Holds)} of {verdicts.Count} claims hold.";
    }

    /// <summary>How many layers a training has, in words.</summary>
    private static string Layers(FormationRun run) => run.Options.Layers == 1 ? "1 layer" : $"{run.Options.Layers} layers";

    private static void Claims(ReportSection section, FormationStudy study)
    {
        using var language = new BigramLanguage(study.Runs[0].Options.Vocabulary);
        section.Add($"""
            Small attention-only models read two kinds of sequences in equal parts: text in which only the last word tells what comes next (a Markov chain; {language.Entropy:0.00}
            nats are the least loss), and random words that repeat. The first needs no attention, the second needs induction heads, which take two layers.
            Olsson et al. 2022 saw in language models that induction heads and in-context learning appear together within a short part of the training, and not in one layer.

            Where a curve changes is the checkpoint about which it rises (or falls) fastest: where the line through five checkpoints is steepest. There is a phase change if prefix matching ends at
            {InductionBounds.Score} or more and half of its rise falls within a fifth of the training.
            """);
        section.Add(Verdict.Table(study.Verdicts(), "Core claims are marked with *."));
        section.Add(Table(study));
    }

    private static ReportTable Table(FormationStudy study)
    {
        var table = new ReportTable("The trainings", "training", "phase change", "prefix matching rises at", "in-context score falls at", "repeated tokens get easier at",
            "queries and keys grow at", "prefix matching", "in-context score");
        foreach (var run in study.Runs)
        {
            var change = run.PhaseChange;
            string Step(FormationCurve curve) => change.Exists ? $"step {run.Metrics[curve.Change].Step}" : "";
            table.AddRow([$"{Layers(run)}, seed {run.Options.Seed}", change.Exists ? "yes" : "no", Step(change.PrefixMatching),
                .. change.Others.Select(curve => (Cell)Step(curve)), run.Metrics[^1].PrefixMatching, run.Metrics[^1].InContext]);
        }
        return table;
    }

    /// <summary>The four curves of one training, each from its start (0) to its end (1).</summary>
    private static void Together(Report report, FormationStudy study)
    {
        if (study.Deep.FirstOrDefault() is not { } run) return;
        var change = run.PhaseChange;
        Series Scaled(FormationCurve curve)
        {
            var (from, to) = (curve.Values[0], curve.Values[^1]);
            return Line(run, curve.Name, curve.Values.Select(value => to == from ? 0 : (value - from) / (to - from)));
        }
        var mark = run.Metrics[change.Checkpoint].Step;
        report.AddSection("One training, four curves").Add($"Two layers, seed {run.Options.Seed}. Each curve is drawn from where it begins (0) to where it ends (1).")
            .Add(new LineFigure("Everything changes together",
            [
                Scaled(change.PrefixMatching), .. change.Others.Select(Scaled),
                new Series($"phase change: step {mark}", new float[] { mark, mark }, new float[] { 0, 1 }),
            ])
            {
                X = new Axis("step"),
                Y = new Axis("part of the way") { Maximum = 1.05 },
            });
    }

    private static void Curves(ReportSection section, FormationStudy study)
    {
        section.Add("Every training, measured on sequences that it never saw.");
        (string Title, string Unit, Func<FormationMetrics, double> Value)[] shown =
        [
            ("Prefix matching", "best score of a head", m => m.PrefixMatching),
            ("In-context score", "repeated less new tokens (nats)", m => m.InContext),
            ("Loss of repeated tokens", "loss (nats)", m => m.RepeatedLoss),
            ("Loss of text", "loss (nats)", m => m.TextLoss),
            ("Weights of queries and keys", "Σ w²", m => m.AttentionWeights.Sum()),
            ("Weights of values and outputs", "Σ w²", m => m.OutputWeights.Sum()),
            ("Weights of embeddings and unembedding", "Σ w²", m => m.EmbeddingWeights),
        ];
        foreach (var (title, unit, value) in shown)
            foreach (var depth in study.Runs.GroupBy(run => run.Options.Layers).OrderByDescending(group => group.Key))
                section.Add(new LineFigure($"{title}: {Layers(depth.First())}",
                    [.. depth.Select(run => Line(run, $"seed {run.Options.Seed}", run.Metrics.Select(value)))])
                {
                    X = new Axis("step"),
                    // Both depths on one scale, so that they can be compared.
                    Y = new Axis(unit) { Minimum = Math.Min(0, study.Runs.Min(run => run.Metrics.Min(value))), Maximum = study.Runs.Max(run => run.Metrics.Max(value)) },
                });
    }

    private static void Tokens(ReportSection section, FormationStudy study)
    {
        section.Add("The loss at every position of repeated random words. In two layers all positions from the second copy on become easy at once; in one layer they become "
            + "a little easier, slowly: it learns that the words of a sequence come again, not which comes next.");
        foreach (var run in study.Runs.GroupBy(run => run.Options.Layers).OrderByDescending(group => group.Key).Select(group => group.First()))
            section.Add(new HeatmapFigure($"Loss by position: {Layers(run)}, seed {run.Options.Seed}",
                new Grid(run.Metrics.SelectMany(m => m.LossByPosition.Select(loss => (float)loss)).ToArray(), run.Metrics.Count, run.Metrics[0].LossByPosition.Length))
            {
                RowAxis = new Axis("step"),
                ColumnAxis = new Axis("position of the predicted token"),
                RowLabels = [.. run.Metrics.Select(m => m.Step.ToString())],
                ColumnLabels = [.. Enumerable.Range(1, run.Metrics[0].LossByPosition.Length).Select(at => at.ToString())],
                ValueName = "nats",
            });
    }

    private static Series Line(FormationRun run, string name, IEnumerable<double> values) =>
        new(name, run.Metrics.Select(m => (float)m.Step).ToArray(), values.Select(value => (float)value).ToArray());
}
