#:project ../src/Interp.Studies/Interp.Studies.csproj
using Interp.Circuits.Heads;
using Interp.Studies.KnownAlgorithms;
using Interp.Models;
using Interp.Reports;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

// Circuits of models that others trained to be reverse-engineered: sorting, the first unique letter, palindromes and
// balanced brackets (ARENA 2.0). For each, the heads and neurons that carry the answer are found by taking away what is
// not missed, and tested on other examples; then the algorithm is tested by letting heads look only where it says, or
// everywhere else.
//
//   dotnet run -c Release analyses/known-algorithms.cs                          all four, a report in reports/
//   dotnet run -c Release analyses/known-algorithms.cs -- brackets              some of them
//   dotnet run -c Release analyses/known-algorithms.cs -- --weights DIR         where the models lie
//   dotnet run -c Release analyses/known-algorithms.cs -- --smoke --out FILE    on few examples: a test
//
// The models are in the repository callummcdougall/ARENA_2.0 and not shipped here. Exit code 3: a claim does not hold.

var study = Study.OfScript("known-algorithms", args, ["--weights"]);
var names = study.Names;
var options = new AlgorithmOptions { Examples = study.IsSmoke ? 480 : 1200 };
var shared = Environment.GetEnvironmentVariable("INTERP_SHARED") is { Length: > 0 } set ? set : "../shared";
var weights = study.Option("--weights", Path.Combine(shared, "weights"));

var unknown = names.FirstOrDefault(name => AlgorithmTask.All.All(task => task.Name != name));
if (unknown is not null) return Fail(
    $"there is no algorithm '{unknown}'; there are: {string.Join(", ", AlgorithmTask.All.Select(task => task.Name))}",
    2);
var tasks = AlgorithmTask.All.Where(task => names.Count == 0 || names.Contains(task.Name)).ToArray();
var missing = tasks.FirstOrDefault(task => !File.Exists(Path.Combine(weights, task.File)));
if (missing is not null)
    return Fail($"no model '{Path.Combine(weights, missing.File)}'; get {Path.GetFileName(missing.File)} from "
        + "the repository callummcdougall/ARENA_2.0, put it there, or name another folder by --weights", 1);

using var scope = torch.NewDisposeScope();
var report = new Report("Known algorithms, found again")
{
    Command = study.Command,
    Seed = options.Seed,
    Summary = "Which heads and neurons carry the answer of models with known algorithms, and do they do what "
        + "the algorithm says?",
};
report.Configuration["examples"] = options.Examples;
var verdicts = report.AddSection("Verdict")
    .Add($"Circuits are chosen on {options.Examples} examples and measured on as many others; what is taken away "
        + "is replaced by its mean, at each position, over a third set. Core claims are marked with *.");
var holds = true;
foreach (var task in tasks)
{
    using var inner = torch.NewDisposeScope();
    using var model = HookedTransformer.Load(Path.Combine(weights, task.File));
    var analysis = AlgorithmAnalysis.Of(model, task, options);
    Console.WriteLine($"{task.Name}: {task.Question}");
    var claims = new ClaimTable(task.Name);
    foreach (var v in analysis.Verdicts())
        claims.Add(v.Claim, v.Measured, v.HoldsWhen, v.Holds, v.Published, v.IsCore);
    claims.Write(Console.Out);
    holds &= claims.Holds;
    verdicts.Add(claims);
    Describe(report.AddSection(task.Name), model, analysis);
}
return study.Finish(report, holds);

void Describe(ReportSection section, HookedTransformer model, AlgorithmAnalysis a)
{
    var config = model.Config;
    section.Add($"{a.Task.Question}\n\n{a.Task.Algorithm}\n\nThe model has {config.NLayers} layers of "
        + $"{config.NHeads} heads"
        + (config.AttnOnly ? " and no MLPs." : $" and MLPs of {config.DMlp} neurons."));
    section.Add(new BarFigure("Accuracy without one head", [.. a.Single.Select(one => one.Head.ToString())],
        a.Single.Select(one => (float)one.Left.Accuracy).ToArray())
    {
        CategoryAxis = new Axis("head"),
        ValueAxis = new Axis($"accuracy (whole model {a.Whole.Accuracy:0.000}, guessing {a.Guess:0.000})"),
    });
    var parts = new ReportTable("What can go and what cannot", "what is left", "accuracy", "loss");
    parts.AddRow("everything", a.Whole.Accuracy, a.Whole.Loss).AddRow("the circuit", a.Kept.Accuracy, a.Kept.Loss)
        .AddRow("everything but the circuit", a.Removed.Accuracy, a.Removed.Loss);
    if (a.Backups.Count > 0) parts.AddRow($"the same without {string.Join(", ", a.Backups)}",
        a.RemovedWithBackups.Accuracy, a.RemovedWithBackups.Loss);
    foreach (var (head, left) in a.WithoutHead) parts.AddRow($"the circuit without {head}", left.Accuracy, left.Loss);
    if (a.WithoutNeurons is { } heads) parts.AddRow("the circuit without its neurons", heads.Accuracy, heads.Loss);
    section.Add(parts);
    if (a.Neurons.Count > 0) section.Add(
        $"Neurons of the circuit, the most needed first: {string.Join(", ", a.Neurons)}.");
    foreach (var found in a.Roles)
    {
        var looks = new ReportTable($"Attention: {found.Role.Claim}", "head", "attention there", "chance",
            "times chance");
        foreach (var head in found.Heads) looks.AddRow(head.Name.ToString(), head.Attention, head.Chance,
            head.Attention / head.Chance);
        section.Add(looks);
        foreach (var head in found.Holders) section.Add(Pattern(model, a.Task, head));
    }
}

HeatmapFigure Pattern(HookedTransformer model, AlgorithmTask task, HeadName head)
{
    using var noGrad = torch.no_grad();
    using var inner = torch.NewDisposeScope();
    var row = task.Examples(2, options.Seed).Rows[0];
    var pattern = model.CacheOnly(torch.tensor(row, [1, row.Length]),
        [$"blocks.{head.Layer}.attn.hook_pattern"])["pattern", head.Layer];
    string[] labels = [.. row.Select((token, at) => $"{at} {model.Tokenizer!.Decode([token])}")];
    return new HeatmapFigure($"{head} on one example",
        new Grid(pattern[0, head.Head].contiguous().ToArray<float>(), row.Length, row.Length))
    {
        RowAxis = new Axis("query"),
        ColumnAxis = new Axis("key"),
        RowLabels = labels,
        ColumnLabels = labels,
        ValueName = "attention",
        Minimum = 0,
        Maximum = 1,
    };
}

static int Fail(string message, int code)
{
    Console.Error.WriteLine($"error: {message}");
    return code;
}
