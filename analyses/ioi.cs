#:project ../src/Interp.Studies/Interp.Studies.csproj
using Interp.Studies.GreaterThan;
using Interp.Circuits.Heads;
using Interp.Studies.Ioi;
using Interp.Circuits.Patching;
using Interp.Studies;
using Interp.Models;
using Interp.Reports;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

// How does a language model know who is given something?
//
//     When Mary and John went to the shop, John gave a drink to …        Mary
//
// Wang et al. (2022, Interpretability in the Wild) answered it for GPT-2 small: name mover heads copy the name that the
// last position attends to, and other heads keep them away from the name that came twice. Here every head of a model is
// measured by their criteria, the published numbers beside, and the circuit that is found is tested by ablation. For
// models that write years as two tokens, greater-than (Hanna et al. 2023) too.
//
//     dotnet run -c Release analyses/ioi.cs                            the model that ships, models/stories
//     dotnet run -c Release analyses/ioi.cs -- gpt2                    a model that was pulled: ./interp pull gpt2
//     dotnet run -c Release analyses/ioi.cs -- --smoke --out FILE      a few prompts, for a test
//
// Exit code 3: it ran, but a core claim does not hold. Roles of heads are no core claims: models do it in several ways.

var study = Study.OfScript("ioi", args);
var path = study.Names.FirstOrDefault("models/stories");
const int seed = 0;

using var noGrad = torch.no_grad();
using var scope = torch.NewDisposeScope();
using var model = HookedTransformer.Load(path);
using var data = IoiDataset.Create(model, study.IsSmoke ? 2 : 3, study.IsSmoke ? 16 : 24, seed);
var (layers, heads) = (model.Config.NLayers, model.Config.NHeads);
var report = new Report("Who is given it? Indirect object identification")
{
    Command = study.Command,
    Seed = seed,
    Summary = "Which heads find the receiver, by the criteria of Wang et al. 2022, and does the answer stay "
        + "with them and go without them?",
};
report.Configuration["model"] = path;
report.Configuration["prompts"] = data.Count;
report.Configuration["templates"] = data.Batches.Count;
Console.WriteLine($"{path}: {data.Count} prompts of {data.Batches.Count} templates and {data.Names.Count} names");
if (data.Dropped.Count > 0) Console.WriteLine(
    $"left out, because the tokenizer splits them: {string.Join("; ", data.Dropped)}");

// 1. Every head is measured, and the circuit tested.
var analysis = IoiAnalysis.Of(model, data, new Lines());
var verdicts = report.AddSection("Verdict")
    .Add("Measured beside what was published for GPT-2 small (Wang et al. 2022). The bounds are this toolkit's: "
        + "the paper has none. Core claims are marked with *; by the others the paper's circuit is recognized, "
        + "and other models may work in other ways.");
Add(verdicts, "Indirect object", analysis.Verdicts());

// 2. Years, where the tokenizer has them.
using var years = GreaterThanTask.TryCreate(model, out var reason, study.IsSmoke ? 20 : 100, seed);
if (years is null) Say(verdicts, $"Greater-than is not asked: {reason}.");
else Years(years);

// 3. The prompts.
var first = data.Batches[0];
report.AddSection("The prompts")
    .Add($"{data.Count} prompts of {data.Batches.Count} templates with {data.Names.Count} names, half of them "
        + $"with the receiver first, such as “{first.Prompts[0].Text(first.Template)}” → "
        + $"{first.Prompts[0].Receiver}. Paths carry the same sentences with three other names (ABC), and means "
        + "are taken over these; the whole effect is measured in prompts in which the receiver gives."
    + (data.Dropped.Count == 0 ? ""
        : $"\n\nLeft out, because the tokenizer splits them: {string.Join("; ", data.Dropped)}."));

// 4. Where the information is: the stream of the flipped prompts replaced by the clean one, position by position.
using (var patching = new ActivationPatching(model, first.Corrupted(IoiCorruption.OtherGives),
    PatchSource.Run(first.Tokens),
    Interp.Circuits.Metrics.LogitMetric.Difference(first.Receivers, first.Givers)))
{
    var words = model.ToStringTokens(first.Tokens.select(0, 0));
    report.AddSection("Where the information is")
        .Add($"Template “{first.Template}”: the share of the difference that comes back when the stream at one "
            + "position is replaced. It starts at the giver's second name and ends at the last token.")
        .Add(Map("Residual stream", patching.ResidPre().Normalized(), words.Length, "position",
            [.. words.Select((word, k) => $"{k} {word}")]));
}

// 5. What every head does.
report.AddSection("Which heads carry it")
    .Add("A head's whole output of the clean run put into the run in which the receiver gives: 1 brings the "
        + "whole difference back.")
    .Add(Map("Whole effect", [.. analysis.Heads.Select(head => head.Whole)], heads))
    .Add("What it writes directly to the logits of the receiver over the giver (direct logit attribution, in "
        + "nats), and by what share the difference changes when only its direct path carries other names.")
    .Add(Map("Direct logit attribution", [.. analysis.Heads.Select(head => head.Direct)], heads, unit: "nats"))
    .Add(Map("Direct path to the logits", [.. analysis.Heads.Select(head => head.PathToLogits)], heads));
var table = new ReportTable("Heads of the circuit, and heads with a role", "head", "roles", "whole", "direct (nats)",
    "path to logits", "to queries", "to values", "END→IO", "END→S1",
    "END→S2", "S2→S1", "S2→S1+1", "S1+1→S1", "copies", "lowers")
{
    Caption = "Paths are shares of the logit difference: to the queries of name movers, to the values of "
        + "S-inhibition heads. Arrows are mean attention.",
};
foreach (var h in analysis.Heads.Where(head => head.Roles.Count > 0 || analysis.Circuit.Contains(head.Name)))
    table.AddRow(h.Name.ToString(), string.Join(", ", h.Roles), h.Whole, h.Direct, h.PathToLogits, h.PathToQueries,
        h.PathToValues, h.EndToReceiver, h.EndToGiver, h.EndToSecond,
        h.SecondToGiver, h.SecondToNext, h.NextToGiver, h.Copying, h.NegativeCopying);
report.AddSection("What they do").Add(table);
return study.Finish(report, analysis.Verdicts().Where(verdict => verdict.IsCore).All(verdict => verdict.Holds));

void Add(ReportSection section, string title, IReadOnlyList<Verdict> found)
{
    var claims = new ClaimTable(title);
    foreach (var v in found) claims.Add(v.Claim, v.Measured, v.HoldsWhen, v.Holds, v.Published, v.IsCore);
    claims.Write(Console.Out, withPublished: true);
    section.Add(claims);
}

void Say(ReportSection section, string text)
{
    Console.WriteLine(text);
    section.Add(text);
}

void Years(GreaterThanTask task)
{
    var clean = task.Behave(model.Forward(task.Tokens, new ForwardOptions { Logits = LogitPositions.Last }));
    Add(verdicts, "Greater-than", GreaterThanVerdicts.Of(clean));
    PatchSite[] senders = [.. PathPatching.Heads(model), .. Enumerable.Range(0, model.Config.AttnOnly ? 0 : layers)
        .Select(layer => new PatchSite($"blocks.{layer}.hook_mlp_out"))];
    var direct = PathPatching.Run(model, task.Tokens, PatchSource.Run(task.Corrupted), senders,
        [PathPatching.Logits(model)], task.Metric());
    double[] changes = [.. direct.Values.Select(value => value - direct.Baseline)];
    var section = report.AddSection("Greater-than")
        .Add($"“{task.Texts[0]}” → a year above {task.Ends[0]:00}. By how much the probability difference "
            + "changes when only the direct path of a head or MLP to the logits carries the year 01 (published: "
            + "MLPs 8 to 11 and heads 5.1, 5.5, 6.9, 7.10, 8.8, 8.11, 9.1).")
        .Add(Map("Direct path of heads", changes[..(layers * heads)], heads, unit: "probability"));
    if (!model.Config.AttnOnly)
        section.Add(new BarFigure("Direct path of MLPs",
            [.. Enumerable.Range(0, layers).Select(layer => $"MLP {layer}")],
            changes[(layers * heads)..].Select(change => (float)change).ToArray()));
}

HeatmapFigure Map(string title, IReadOnlyList<double> values, int columns, string what = "head",
    string[]? labels = null, string unit = "share")
{
    var most = Math.Max(values.Max(Math.Abs), 1e-6);
    return new HeatmapFigure(title, new Grid(values.Select(value => (float)value).ToArray(), values.Count / columns,
        columns))
    {
        RowAxis = new Axis("layer"),
        ColumnAxis = new Axis(what),
        ColumnLabels = labels,
        ValueName = unit,
        Colors = ColorScale.Diverging,
        Minimum = -most,
        Maximum = most,
    };
}

internal sealed class Lines : IProgress<string>
{
    public void Report(string value) => Console.Error.WriteLine($"measuring {value} …");
}
