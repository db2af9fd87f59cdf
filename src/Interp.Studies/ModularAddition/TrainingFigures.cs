using Interp.Reports;

namespace Interp.Studies.ModularAddition;

/// <summary>Curves over the training: losses with the phases, and the progress measures.</summary>
internal static class TrainingFigures
{
    public static void Add(Report report, ModularRun run, IReadOnlyList<ProgressMeasures> curve, GrokPhases? phases, GrokAnalysis analysis)
    {
        Losses(report.AddSection("Training"), run, phases);
        if (curve.Count > 0) Progress(report.AddSection("Progress measures"), curve, phases, analysis);
    }

    private static void Losses(ReportSection section, ModularRun run, GrokPhases? phases)
    {
        var o = run.Options;
        section.Add($"Trained on {run.Split.Train.Count:N0} pairs, one step an epoch, weight decay {o.WeightDecay}. " + (phases is null
            ? "The curves show no grokking yet."
            : $"Memorization until epoch {phases.Memorized:N0}: the training loss falls and the test loss rises. Circuit formation until "
            + $"{phases.CircuitFormed:N0}: behind an unchanged training loss the circuit grows. Cleanup until {phases.CleanedUp:N0}: weight decay removes what was "
            + "memorized, and the test loss falls. The published run: 1,400, 9,400 and 14,000."));
        var lines = run.Metrics;
        if (lines.Count == 0) return;
        var steps = Values(lines, m => m.Step);
        Series[] losses = [new("pairs trained on", steps, Values(lines, m => m.TrainLoss)), new("other pairs", steps, Values(lines, m => m.TestLoss))];
        section.Add(Figure("Loss", "loss (nats)", true, losses, phases));
        section.Add(Figure("Accuracy", "answered right", false,
            [new("pairs trained on", steps, Values(lines, m => m.TrainAccuracy)), new("other pairs", steps, Values(lines, m => m.TestAccuracy))], phases));
    }

    private static void Progress(ReportSection section, IReadOnlyList<ProgressMeasures> curve, GrokPhases? phases, GrokAnalysis analysis)
    {
        section.Add("Measured with the final model's key frequencies on the weights of each epoch. Restricted loss: all pairs, with the key frequencies of "
            + $"{analysis.Task.Combined} "
            + "alone; it falls as the circuit forms, long before the test loss. Excluded loss: the pairs trained on, without them; it rises as the model "
            + "comes to rely on the circuit.");
        var steps = Values(curve, m => m.Step);
        section.Add(Figure("Restricted and excluded loss", "loss (nats)", true,
        [
            new("restricted loss", steps, Values(curve, m => m.RestrictedLoss)), new("excluded loss", steps, Values(curve, m => m.ExcludedLoss)),
            new("training loss", steps, Values(curve, m => m.TrainLoss)), new("test loss", steps, Values(curve, m => m.TestLoss)),
        ], phases));
        if (analysis.Frequencies.Frequencies.Count is > 0 and <= 12)
            section.Add(Figure("Training loss without one frequency", "loss (nats)", true,
                [.. analysis.Frequencies.Frequencies.Where(k => curve[0].ExcludedByFrequency.ContainsKey(k))
                    .Select(k => new Series($"without {k}", steps, Values(curve, m => m.ExcludedByFrequency[k])))], phases));
        section.Add(Figure("Sparsity in the Fourier basis", "Gini coefficient", false,
            [new("embedding", steps, Values(curve, m => m.EmbeddingGini)), new("neurons to logits", steps, Values(curve, m => m.LogitMapGini))], phases));
        section.Add(Figure("Sum of squared weights", "Σ w²", false, [new("all weights", steps, Values(curve, m => m.SquaredWeights))], phases));
    }

    private static LineFigure Figure(string title, string unit, bool logarithmic, Series[] series, GrokPhases? phases) =>
        new(title, [.. series, .. Marks(series, logarithmic, phases)])
        {
            X = new Axis("epoch"),
            Y = new Axis(unit) { Logarithmic = logarithmic },
        };

    /// <summary>The ends of the phases as upright lines over the range of the curves.</summary>
    private static IEnumerable<Series> Marks(Series[] series, bool logarithmic, GrokPhases? phases)
    {
        if (phases is null) yield break;
        var values = series.SelectMany(s => s.Y.ToArray()).Where(y => float.IsFinite(y) && (!logarithmic || y > 0)).ToArray();
        if (values.Length == 0) yield break;
        float[] span = [values.Min(), values.Max()];
        foreach (var (name, epoch) in new[] { ("memorized", phases.Memorized), ("circuit formed", phases.CircuitFormed), ("cleaned up", phases.CleanedUp) })
            yield return new Series($"{name}: {epoch:N0}", new float[] { epoch, epoch }, span);
    }

    private static float[] Values<T>(IReadOnlyList<T> lines, Func<T, double> value) => [.. lines.Select(line => (float)value(line))];
}
