#:project ../src/Interp.Studies/Interp.Studies.csproj
using Interp.Studies.ModularAddition;
using Interp.Reports;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

// How does a transformer add modulo p? Nanda et al. 2023, step by step, on the model that ships with Interp.
//
//   dotnet run -c Release analyses/modular-addition.cs                 the shipped model, a report in reports/
//   dotnet run -c Release analyses/modular-addition.cs -- PATH         the folder of another run or model
//   dotnet run -c Release analyses/modular-addition.cs -- --out FILE   the report somewhere else; --smoke trains a tiny
//                                                                      model for a moment first: a test

using var scope = torch.NewDisposeScope();
var study = Study.OfScript("modular-addition", args, judgeSmoke: false);
var folder = study.IsSmoke ? TrainTiny(Path.Combine(Path.GetDirectoryName(study.Page)!, "run")) : study.Names.FirstOrDefault("models/modadd");

// 1. The model, and everything that it computes at "=" for all pairs.
var run = ModularRun.TryOpen(folder) ?? throw new IOException($"'{folder}' holds no training; see: interp train modadd --help");
using var model = run.LoadModel();
using var activations = ModularActivations.Of(model, run.Task);
var n = run.Task.Order;
Console.WriteLine($"{folder}: {activations.Accuracy(activations.Logits):0.0%} of {n * n:N0} pairs right, loss {activations.Loss(activations.Logits):0.0e-0}");

// 2. Numbers become waves: the embedding has few frequencies.
using var basis = new FourierBasis(n);
var analysis = GrokAnalysis.Of(model, activations, run.Split);
var keys = analysis.Frequencies.Frequencies;
foreach (var key in analysis.KeyFrequencies) Console.WriteLine($"key frequencies ({key.RuleText}): {key}");

// 3. The logits are waves of a + b − c at these frequencies (of a − b − c for differences)...
using var projection = new SumProjection(basis);
var fit = LogitApproximation.Fit(activations.Logits, projection, basis, keys);
Console.WriteLine($"waves of {run.Task.Distance} explain {fit.ExplainedVariance:0.0%} of the logits");

// 4. ...which suffice, and without which nothing is left.
var restricted = activations.Loss(projection.Restricted(activations.Logits, keys));
var excluded = activations.Loss(projection.Excluded(activations.Logits, keys));
Console.WriteLine($"loss with them alone {restricted:0.0e-0}, without them {excluded:0.00} (guessing: {Math.Log(n):0.00})");

// 5. The circuit was there before the test loss fell: the same measures on the weights of earlier epochs.
var curve = run.SavedProgress.Count > 0 ? run.SavedProgress : run.MeasureProgress(keys);
var phases = GrokPhases.Find(curve);
Console.WriteLine(phases is null ? "no grokking in these curves" : $"memorized by {phases.Memorized:N0}, circuit by {phases.CircuitFormed:N0}, clean by {phases.CleanedUp:N0}");

// 6. A page with the curves, the spectrum and one neuron over all pairs.
var report = new Report($"a {run.Task.Sign} b mod {run.Task.Modulus}") { Seed = (long)run.Options.Seed, Command = study.Command };
var epochs = curve.Select(m => (float)m.Step).ToArray();
Series Line(string name, Func<ProgressMeasures, double> value) => new(name, epochs, curve.Select(m => (float)value(m)).ToArray());
report.AddSection("Training").Add(new LineFigure("Losses", Line("train", m => m.TrainLoss), Line("test", m => m.TestLoss),
    Line("restricted", m => m.RestrictedLoss), Line("excluded", m => m.ExcludedLoss))
{
    X = new Axis("epoch"),
    Y = new Axis("loss (nats)") { Logarithmic = true },
});
var frequencies = Enumerable.Range(1, basis.Frequencies).ToArray();
report.AddSection("Embedding").Add(new BarFigure("Norm at every frequency", [.. frequencies.Select(k => k.ToString())],
    frequencies.Select(k => (float)analysis.Embedding.Norm(k)).ToArray()));
var clearest = analysis.Clusters.Fits.MaxBy(neuron => neuron.ExplainedVariance)!;
var values = activations.Neurons.select(1, clearest.Neuron).to(ScalarType.Float32).ToArray<float>();
report.AddSection("Neurons").Add(new HeatmapFigure($"Neuron {clearest.Neuron}, of frequency {clearest.Frequency}", new Grid(values, n, n))
{
    RowAxis = new Axis("a"),
    ColumnAxis = new Axis("b"),
    ValueName = "activation",
});
foreach (var v in analysis.Verdicts()) study.Claims.Add(v.Claim, v.Measured, v.HoldsWhen, v.Holds, v.Published);
report.AddSection("Claims").Add(study.Claims);
return study.Finish(report, holds: study.IsSmoke || analysis.CircuitFound);   // details may differ in a model with the circuit

static string TrainTiny(string folder)
{
    var options = ModularAdditionOptions.Small with { Modulus = 13, ModelWidth = 16, Heads = 2, Neurons = 32, Epochs = 30, Snapshots = 5 };
    using var training = ModularAdditionTraining.Start(folder, options);
    training.Run(progress: null, CancellationToken.None);
    return folder;
}
