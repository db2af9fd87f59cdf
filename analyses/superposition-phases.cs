#:project ../src/Interp.Studies/Interp.Studies.csproj
using Interp.Reports;
using Interp.Studies.Superposition;
using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

// When do features share dimensions, and which ones? Elhage et al. (2022), Toy Models of Superposition: phase diagrams
// beside their closed forms, and features that occur together or never. superposition.cs has the models themselves.
//
//     dotnet run -c Release analyses/superposition-phases.cs                        minutes on two cores
//     dotnet run -c Release analyses/superposition-phases.cs -- --out FILE          the report somewhere else
//     dotnet run -c Release analyses/superposition-phases.cs -- --smoke --out FILE  every part for a moment: a test
//
// Exit code 3: it ran, but a claim does not hold.

var study = Study.OfScript("superposition-phases", args, judgeSmoke: false);
using var scope = torch.NewDisposeScope();
var report = new Report("Phases of superposition")
{
    Summary = "When a feature gets a dimension, shares one, or gets none: trained models beside closed forms; "
        + "and what features do that occur together, or never.",
    Command = study.Command,
    Seed = 0,
};
report.Libraries["libtorch"] = Libtorch.Version;
report.AddSection("Verdict").Add(study.Claims); // first in the report, filled all along

// Every training, with the seconds that it takes: the time left of them all is reckoned from these.
using var progress = new ProgressOfParts(ProgressLine.OnError("superposition-phases", TimeProvider.System),
    ("2 features in 1", 7),
    ("3 features in 2", 15),
    ("2 correlated pairs", 9),
    ("2 anticorrelated pairs", 10),
    ("3 correlated pairs", 13),
    ("two sets of ten features", 5));
var trainings = new ToyTrainings(progress, study.IsSmoke, (name, options) => report.Configuration[name] = options);

Phases(2);
Phases(3);
Pairs();
Blocks();
progress.Dispose();
return study.Finish(report);

// 1. When the arrangement changes: closed forms and trained models.
void Phases(int n)
{
    var (m, smoke) = (n - 1, study.IsSmoke);
    var options = new PhaseDiagramOptions
    {
        Features = n,
        Importances = [.. Enumerable.Range(0, smoke ? 3 : 17).Select(k => Math.Pow(10, k / (smoke ? 1.0 : 8) - 1))],
        Densities = [.. Enumerable.Range(0, smoke ? 3 : 10).Select(k => Math.Pow(10, -k / (smoke ? 1.0 : 6)))],
        Starts = smoke ? 1 : 8,
        Steps = smoke ? 20 : 800,
        Batch = 96,
        LearningRate = 2e-2,
    };
    var cells = PhaseDiagram.Train(options, progress.Begin($"{n} features in {m}"), default);
    HeatmapFigure Map(string title, Func<PhaseCell, double> value) =>
        new(title, new Grid(cells.Select(cell => (float)value(cell)).ToArray(), options.Densities.Count,
            options.Importances.Count))
        {
            RowAxis = new Axis("density p"),
            RowLabels = [.. options.Densities.Select(p => $"{p:0.00}")],
            ColumnAxis = new Axis("relative importance of the last feature"),
            ColumnLabels = [.. options.Importances.Select(r => $"{r:0.00}")],
            ValueName = "last feature",
            Colors = ColorScale.Diverging,
            Minimum = -1,
            Maximum = 1,
        };
    var clear = cells.Where(cell => cell.IsClear).ToArray();
    var agree = clear.Count(cell => cell.Agrees);
    var close = clear.Count(cell => Math.Abs(cell.LossRatio - 0.96) <= 0.06);
    var table = new ReportTable("Phases", "phase", "cells by the closed form", "cells trained");
    foreach (var name in cells.SelectMany(cell => new[] { cell.Best.Name, cell.Trained.Name }).Distinct())
        table.AddRow(name, cells.Count(cell => cell.Best.Name == name), cells.Count(cell => cell.Trained.Name == name));
    report.AddSection($"Phase diagram: {n} features in {m} dimension{(m > 1 ? "s" : "")}")
        .Add("Blue: the last feature has a dimension of its own. Red: it shares one. No colour: it is left out. "
            + "The closed form takes the cheapest of the listed arrangements; beside it the best of "
            + $"{options.Starts} trained models a cell.")
        .Add(Map("Closed form", cell => Shade(Math.Sqrt(cell.Best.Gram[n - 1, n - 1]),
            Enumerable.Range(0, m).Sum(j => cell.Best.Gram[n - 1, j] * cell.Best.Gram[n - 1, j]))))
        .Add(Map("Trained", cell => Shade(Math.Min(1, cell.Norm), cell.Interference))).Add(table);
    study.Claims.Add($"{n} features in {m}: training finds the phase of the closed form",
        $"{agree} of {clear.Length} cells away from boundaries",
        "at least 97%", agree >= 0.97 * clear.Length, published: "the same diagram");
    study.Claims.Add($"{n} features in {m}: and its loss", $"{close} of {clear.Length} cells between −10% and +2%",
        "at least 97%", close >= 0.97 * clear.Length);

    static double Shade(double norm, double interference) => norm * (1 - 2 * Math.Min(1, interference));
}

// 2. Features that occur together, and features that never do.
void Pairs()
{
    var section = report.AddSection("Correlated and anticorrelated features")
        .Add("Pairs of one colour are on at the same times, or never. What occurs together interferes, so it is kept "
            + "orthogonal where there is room and side by side where there is none; what never occurs together "
            + "can share a line, in opposite directions.");
    double[] densities = [.. Enumerable.Range(0, 5).Select(k => Math.Pow(400, -0.5 - k / 8.0))];
    double[] Within(int features, FeatureCorrelation correlation)
    {
        var name = $"{features / 2} {correlation.ToString().ToLowerInvariant()} pairs";
        using var model = trainings.Train(name,
            ToyModelOptions.Settling(features, 2, ToyInstance.Starts(densities, 12, features), 3000, 512) with
            {
                Correlation = correlation,
            });
        var best = model.BestStarts(12);
        section.Add(new VectorFigure($"{name} in two dimensions", [.. densities.Select((p, k) =>
            new VectorPanel($"p = {p:0.0000}", new Grid(model.W[best[k]].ToArray<float>(), features, 2)))])
        {
            GroupSize = 2,
        });
        var cosines = FeatureGeometry.PairCosines(model.W.detach().to(ScalarType.Float64)); // [instance, pair]
        return [.. best.SelectMany(k => cosines[k].ToArray<double>())];
    }

    double[][] within = [Within(4, FeatureCorrelation.Correlated), Within(4, FeatureCorrelation.Anticorrelated),
        Within(6, FeatureCorrelation.Correlated)];
    study.Claims.Add("two correlated pairs are orthogonal within", $"cosines {Span(within[0])}",
        "within 0.1 of 0", within[0].All(c => Math.Abs(c) <= 0.1), published: "orthogonal");
    study.Claims.Add("two anticorrelated pairs are antipodal", $"cosines {Span(within[1])}",
        "below −0.95", within[1].All(c => c < -0.95), published: "antipodal");
    study.Claims.Add("three correlated pairs lie side by side", $"cosines {Span(within[2])}",
        "above 0.2", within[2].All(c => c > 0.2), published: "side by side");
}

// 3. Sets of features that occur together: a local basis for each.
void Blocks()
{
    using var model = trainings.Train("two sets of ten features",
        ToyModelOptions.Settling(20, 10, ToyInstance.Starts([0.1], 8, 20), 3000, 512) with
        {
            Correlation = FeatureCorrelation.Correlated,
            BlockSize = 10,
        });
    var w = model.W[model.BestStarts(8)[0]].detach();
    var (own, other) = FeatureGeometry.BlockOverlap(w, 10);
    var unit = torch.nn.functional.normalize(w, 2, -1);
    report.AddSection("Local bases")
        .Add("Two sets of ten features, each on or off as a whole, in ten dimensions: a set is nearly an orthogonal "
            + "basis, and the two bases are in superposition with each other.")
        .Add(new HeatmapFigure("Squared cosines of features",
            new Grid(unit.MatMul(unit.t()).square().ToArray<float>(), 20, 20))
        {
            RowAxis = new Axis("feature"),
            ColumnAxis = new Axis("feature"),
            ValueName = "cosine²",
            Maximum = 1,
        });
    study.Claims.Add("a set of correlated features is a local, almost orthogonal basis",
        $"mean cosine² {own:0.0000} within a set, {other:0.000} across",
        "within at most a fifth of across", own <= other / 5, published: "orthogonal within");
}

static string Span(double[] x) => $"{x.Min():0.00} to {x.Max():0.00}".Replace('-', '−');
