#:project ../src/Interp.Studies/Interp.Studies.csproj
using Interp.Studies.InductionHeads.Formation;
using Interp.Circuits.Heads;
using Interp.Studies.InductionHeads;
using Interp.Models;
using Interp.Reports;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

// How does a transformer continue what it has seen once? Induction heads (Elhage et al. 2021; Olsson et al. 2022): found by
// what they attend to, read from their weights, proved by taking parts away, and seen forming during training.
//
//   dotnet run -c Release analyses/induction-heads.cs                     the model that ships, models/induction
//   dotnet run -c Release analyses/induction-heads.cs -- --model gpt2     a folder, or a model that was pulled
//   dotnet run -c Release analyses/induction-heads.cs -- --smoke          few sequences, for a test
//
// Exit code 3: it ran, but the model has no induction circuit, or the trainings show no phase change.

var study = Study.OfScript("induction-heads", args, ["--model"]);
var path = study.Option("--model", "models/induction");
var options = study.IsSmoke ? new InductionStudyOptions { Seeds = 3, Sequences = 3 } : new InductionStudyOptions();
var report = new Report("Induction heads: found, explained, proved, formed")
{
    Command = study.Command,
    Seed = (long)options.Seed,
};

using var scope = torch.NewDisposeScope();
using var noGrad = torch.no_grad();
using var model = Directory.Exists(path) || File.Exists(path) ? HookedTransformer.Load(path) : HookedTransformer.FromPretrained(path);
report.Configuration["model"] = path;
var analysis = InductionAnalysis.Of(model, options);
var (found, heads) = (analysis.Detection, model.Config.NHeads);

// 1. Random tokens that repeat: the loss falls where looking back begins to help, and some heads look back.
Console.WriteLine($"{path}: new tokens {found.FirstLoss} nats, repeated ones {found.RepeatedLoss} (95% over {options.Seeds} seeds)");
Console.WriteLine($"previous-token heads {HeadName.List(analysis.Previous)}, induction heads {HeadName.List(analysis.Induction)}");
report.AddSection("Found")
    .Add(new LineFigure("Loss by position", new Series("", found.LossByPosition.Select(loss => (float)loss.Mean).ToArray()))
    {
        X = new Axis("position of the predicted token, from 1"),
        Y = new Axis("loss (nats)"),
    })
    .Add(Map("Prefix matching", found.Heads.Select(head => head.Induction.Mean)))
    .Add(Map("Attention to the token before", found.Heads.Select(head => head.PreviousToken.Mean)));

// 2. How they could do it: through the previous-token head, tokens look for themselves, and what is found is copied.
var pairs = new ReportTable("Pairs of heads", "earlier → later", "Q", "K", "V", "tokens that match themselves", "nats added at the right places");
foreach (var pair in analysis.Composition)
    pairs.AddRow($"{pair.Earlier} → {pair.Later}", pair.Q, pair.K, pair.V, pair.Match.SelfMatch, pair.Contrast);
report.AddSection("Explained").Add(pairs).Add(Map("Eigenvalues of the full OV circuit, Σλ/Σ|λ|", analysis.CopyingEigenvalues));

// 3. Whether they do it: without the previous-token heads the score and the advantage are gone.
var table = new ReportTable("Without some heads", "without", "replaced by", "induction score", "advantage (nats)");
foreach (var run in analysis.WithoutPrevious.Prepend(analysis.Whole))
    table.AddRow(HeadName.List(run.Without), run.Without.Count == 0 ? "" : run.How.ToString(), run.Induction, run.Advantage);
report.AddSection("Proved").Add(table);
if (analysis.Routes is { } routes)
    report.Sections[^1].Add(new BarFigure($"What {routes.Sender} gives the right token's logit, by route", ["everything", "keys", "queries", "values"],
        new[] { routes.Whole, routes.Key, routes.Query, routes.Value }.Select(value => (float)value).ToArray()));

// 4. How they form: in two layers within a short time, together with all that they are for; in one layer never.
var formation = FormationStudy.Open("models/formation");
var formed = report.AddSection("Formed");
foreach (var depth in formation.Runs.GroupBy(run => run.Options.Layers))
    formed.Add(new LineFigure($"Prefix matching, layers: {depth.Key}", [.. depth.Select(run => new Series($"seed {run.Options.Seed}",
        run.Metrics.Select(m => (float)m.Step).ToArray(), run.Metrics.Select(m => (float)m.PrefixMatching).ToArray()))])
    {
        X = new Axis("step"),
        Y = new Axis("best score of a head") { Minimum = 0, Maximum = 1 },
    });

foreach (var v in analysis.Verdicts().Concat(formation.Verdicts()))
    study.Claims.Add(v.Claim, v.Measured, v.HoldsWhen, v.Holds, v.Published);
report.AddSection("Claims").Add(study.Claims);
return study.Finish(report, analysis.CircuitFound && formation.Holds);

HeatmapFigure Map(string title, IEnumerable<double> values) => new(title,
    new Grid(values.Select(value => (float)value).ToArray(), model.Config.NLayers, heads))
{
    RowAxis = new Axis("layer"),
    ColumnAxis = new Axis("head"),
    CellFormat = "0.00",
    Maximum = 1,
};
