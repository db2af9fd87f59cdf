#:project ../src/Interp.Circuits/Interp.Circuits.csproj
#:project ../src/Interp.Reports/Interp.Reports.csproj

// How does a language model know who is given something?
//
//     When Mary and John went to the shop, John gave a drink to …        Mary
//
// Wang et al. (2022, Interpretability in the Wild) answered it for GPT-2 small: name mover heads copy the name that the
// last position attends to, and other heads keep them away from the name that came twice. Here the circuit of a model
// is found by patching and confirmed by ablation.
//
//     dotnet run -c Release analyses/indirect-object.cs                            the model that ships, models/stories
//     dotnet run -c Release analyses/indirect-object.cs -- --model gpt2            a model that was pulled
//     dotnet run -c Release analyses/indirect-object.cs -- --smoke                 a few prompts, for a test
//
// Exit code 3: it ran, but the circuit that it found does not carry the answer.

using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Circuits.Tasks;
using Interp.Interventions;
using Interp.Models;
using Interp.Reports;
using Interp.Torch;

string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length
    ? args[at + 1] : otherwise;
var smoke = args.Contains("--smoke");
var path = Option("--model", "models/stories");
var file = Option("--out", "reports/indirect-object.html");
var prompts = smoke ? 16 : 64;
var report = new Report("Who is given it? The indirect object circuit")
{
    Command = "dotnet run -c Release analyses/indirect-object.cs -- " + string.Join(' ', args),
    Seed = 0,
};

using var noGrad = torch.no_grad();
using var scope = torch.NewDisposeScope();
using var model = HookedTransformer.Load(path);
using var task = IndirectObjectTask.Create(model, prompts);
var (layers, heads) = (model.Config.NLayers, model.Config.NHeads);
report.Configuration["model"] = path;
report.Configuration["prompts"] = prompts;

// 1. The behaviour: the receiver's logit less the giver's, and how often it is above zero.
var metric = LogitMetric.Difference(task.Answers, task.Givers);
var logits = model.Forward(task.Clean);
var (difference, accuracy) = (metric.Of(logits).item<double>(), task.Accuracy(logits));
var flipped = metric.Of(model.Forward(task.Flipped)).item<double>();
Console.WriteLine($"{path}: {accuracy:P0} of {prompts} prompts right, logit difference {difference:0.00}; with the other giver {flipped:0.00}");
report.AddSection("The behaviour").Add(
    $"The receiver is more probable than the giver in {accuracy:P0} of {prompts} prompts such as “{task.Texts[0]}”; the logits differ by "
    + $"{difference:0.00} on average, and by {flipped:0.00} when the other person gives.");

// 2. Where the information is: the stream of the flipped prompts replaced by the clean one, position by position.
using var patching = new ActivationPatching(model, task.Flipped, PatchSource.Run(task.Clean), metric);
var stream = patching.ResidPre();
var columns = Enumerable.Range(0, patching.Length)
    .Select(at => task.Roles.FirstOrDefault(role => role.Value == at).Key is { } role ? $"{at} {role}" : $"{at}")
        .ToArray();
report.AddSection("Where the information is").Add(
    "Share of the difference that comes back when the stream at one position is replaced: it starts at the giver's name and ends at the last token.")
    .Add(Map("Residual stream", stream, columns, "position"));

// 3. Which heads carry it, and which of them write the answer directly to the logits.
var total = patching.HeadOutputAllPositions();
var senders = PathPatching.Heads(model);
var direct =
    PathPatching.Run(model, task.Flipped, PatchSource.Run(task.Clean), senders, [PathPatching.Logits(model)], metric,
        axes: total.Axes);
report.AddSection("Which heads carry it")
    .Add("Every head's output replaced: its whole effect, and only what it writes directly to the logits (path patching).")
    .Add(Map("Whole effect", total)).Add(Map("Direct effect on the logits", direct));

// 4. Name movers write the answer directly, as in GPT-2; where there are none, MLPs read the heads and write it.
var movers = Pick(direct, 0.1);
var circuit = Pick(total, 0.05).Union(movers).Order().ToArray();
report.AddSection("What they do")
    .Add(movers.Length > 0
        ? $"Name movers, heads with a direct effect of at least a tenth: {Names(movers)}."
        : "No head has a direct effect of a tenth: the heads below move the name, and MLPs turn it into the answer.")
    .Add(Attention(circuit));
if (!model.Config.AttnOnly)
{
    var mlps = PathPatching.Run(model, task.Flipped, PatchSource.Run(task.Clean),
        [.. Enumerable.Range(0, layers).Select(layer => new PatchSite($"blocks.{layer}.hook_mlp_out"))],
            [PathPatching.Logits(model)], metric);
    report.Sections[^1]
        .Add(new BarFigure("Direct effect of the MLPs on the logits",
            [.. Enumerable.Range(0, layers).Select(layer => $"MLP {layer}")],
        mlps.Normalized().Select(value => (float)value).ToArray())
    {
        ValueAxis = new Axis("share"),
    });
}
if (movers.Length > 0)
{
    // What tells name movers whom to look at reaches their queries.
    var queries = movers.Select(head => new PatchSite($"blocks.{head.Layer}.attn.hook_q") { Head = head.Head })
        .ToArray();
    var told =
        PathPatching.Run(model, task.Flipped, PatchSource.Run(task.Clean), senders, queries, metric, axes: total.Axes);
    report.Sections[^1].Add(Map("Effect through the name movers' queries", told));
}

// 5. Confirmed by ablation: with the circuit's heads alone the answer stays, without them it goes. An ablated head gets
//    its mean, at each position, over sentences with other names.
var everyHead = from layer in Enumerable.Range(0, layers) from head in Enumerable.Range(0, heads) select (layer, head);
var others = everyHead.Except(circuit).ToArray();
var means = model.CacheOnly(task.Unrelated, ["blocks.*.attn.hook_z"]);
var (kept, keptAccuracy) = Ablated(others);
var (removed, removedAccuracy) = Ablated(circuit);
var (none, _) = Ablated([.. circuit, .. others]);
var faithfulness = (kept - none) / (difference - none);

var verdicts = new (string Claim, string Measured, bool Holds)[]
{
    ("the model does the task", $"{accuracy:P0} right", accuracy >= 0.9),
    ($"{circuit.Length} of {layers * heads} heads are the circuit: {Names(circuit)}",
        $"{circuit.Length / (double)(layers * heads):P0} of the heads", circuit.Length <= layers * heads / 2),
    ("without all other heads the answer stays", $"{keptAccuracy:P0} right, faithfulness {faithfulness:0.00}",
        keptAccuracy >= 0.9 && faithfulness >= 0.7),
    ("without these heads the answer goes", $"{removedAccuracy:P0} right, logit difference {removed:0.00}",
        removedAccuracy <= 0.7 && removed <= difference / 3),
};
var table = new ReportTable("Verdict", ["claim", "measured", "holds"]);
foreach (var (claim, measured, holds) in verdicts)
{
    table.AddRow([claim, measured, holds ? "yes" : "no"]);
    Console.WriteLine($"{(holds ? "holds        " : "does not hold")}  {claim}: {measured}");
}
report.AddSection("Verdict").Add(table);
report.Save(file);
Console.Error.WriteLine($"wrote {file}");
return verdicts.All(verdict => verdict.Holds) ? 0 : 3;

(int Layer, int Head)[] Pick(SweepResult sweep, double share) =>
    [.. sweep.Normalized().Index().Where(entry => Math.Abs(entry.Item) >= share)
        .Select(entry => (entry.Index / heads, entry.Index % heads))];

static string Names(IEnumerable<(int Layer, int Head)> heads) =>
    string.Join(", ", heads.Select(head => $"{head.Layer}.{head.Head}")) is { Length: > 0 } names ? names : "none";

(double Difference, double Accuracy) Ablated((int Layer, int Head)[] which)
{
    var changes = which.GroupBy(head => head.Layer)
        .Select(layer => (Intervention)new MeanAblation($"blocks.{layer.Key}.attn.hook_z")
    {
        Mean = TensorValue.From(means["z", layer.Key].mean([0], true)),
        Scope = new InterventionScope { Heads = [.. layer.Select(head => head.Head)] },
    }).ToArray();
    var changed = model.RunWith(task.Clean, changes);
    return (metric.Of(changed).item<double>(), task.Accuracy(changed));
}

ReportTable Attention((int Layer, int Head)[] which)
{
    var looks =
        new ReportTable("Where the circuit's heads look from the last token",
            ["head", "at the receiver", "at the giver", "at the giver again"]);
    var cache =
        model.CacheOnly(task.Clean, [.. which.Select(head => $"blocks.{head.Layer}.attn.hook_pattern").Distinct()]);
    foreach (var (layer, head) in which)
    {
        var row = cache["pattern", layer].select(1, head).select(1, task.Roles["end"]); // [prompt, key]
        double Mean(Func<int, string> role) =>
            Enumerable.Range(0, prompts).Average(k => row[k, task.Roles[role(k)]].item<double>());
        looks.AddRow([$"{layer}.{head}", Mean(k => task.ReceiverFirst[k] ? "first" : "second"),
            Mean(k => task.ReceiverFirst[k] ? "second" : "first"), Mean(_ => "giver")]);
    }
    return looks;
}

HeatmapFigure Map(string title, SweepResult sweep, string[]? names = null, string what = "head") => new(title,
    new Grid(sweep.Normalized().Select(value => (float)value).ToArray(), sweep.Axes[0].Labels.Count,
        sweep.Axes[1].Labels.Count))
{
    RowAxis = new Axis("layer"),
    ColumnAxis = new Axis(what),
    ColumnLabels = names,
    ValueName = "share",
    Colors = ColorScale.Diverging,
    Minimum = -1,
    Maximum = 1,
};
