using System.Text.Json;
using Interp.Circuits.Attribution;
using Interp.Circuits.Evaluation;
using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Commands;

/// <summary>The two commands about circuits, as a user types them one after the other.</summary>
public sealed class AttributeCommandTests(TinyModel files) : IClassFixture<TinyModel>
{
    private static readonly string Model = Repository.Path("models/induction");

    private static readonly string[] Prompts =
    [
        "--clean", "fox pear owl lamp fox", "--corrupt", "fox door owl lamp fox", "--answer", "pear", "--wrong", "door",
    ];

    [Theory]
    [InlineData("eap", EdgeMethod.Eap)]
    [InlineData("eap-ig", EdgeMethod.EapIgInputs)]
    [InlineData("eap-ig-activations", EdgeMethod.EapIgActivations)]
    [InlineData("exact", EdgeMethod.Exact)]
    public void The_file_holds_the_scores_that_the_library_gives(string name, EdgeMethod method)
    {
        var file = files.PathOf($"{name}.json");
        var run = CliRun.Of(
            ["attribute", Model, .. Prompts, "--method", name, "--steps", "3", "--out", file, "--json"]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        using var library = new Library();
        var expected = EdgeAttribution.Run(library.Model, library.Clean, library.Source, library.Metric,
            new EdgeAttributionOptions { Method = method, Steps = 3 });
        var found = CircuitGraph.Load(file);
        Assert.Equal(expected.Shape, found.Shape);
        foreach (var (a, b) in expected.Scores.Zip(found.Scores)) Assert.Equal(a, b, 4);
        var root = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(library.Metric.Of(library.Model.Forward(library.Clean)).ToDouble(), root.GetProperty("clean")
            .GetDouble(), 4);
        Assert.Equal(expected.Scores.Count, root.GetProperty("edges").GetInt32());
        Assert.Equal(15, root.GetProperty("top").GetArrayLength());
    }

    [Fact]
    public void The_page_draws_the_strongest_connections()
    {
        var file = files.PathOf("attribute.html");
        var run = CliRun.Of(["attribute", Model, .. Prompts, "--method", "eap", "--top", "6", "--html", file]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        var page = File.ReadAllText(file);
        Assert.Contains("The strongest connections", page);
        Assert.Contains("→ logits", page);
        var nodes = CliRun.Of(["attribute", Model, .. Prompts, "--method", "atp", "--html", file]);
        Assert.Contains("--html draws connections", nodes.Error);
    }

    [Fact]
    public void The_table_begins_with_the_largest_score()
    {
        var run = CliRun.Of(["attribute", Model, .. Prompts, "--method", "atp", "--top", "3"]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        using var library = new Library();
        var graph = NodeAttribution.Run(library.Model, library.Clean, library.Source, library.Metric);
        var best = graph.Nodes.Zip(graph.NodeScores!).MaxBy(pair => Math.Abs(pair.Second));
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith($"  {best.First}", lines[3].TrimEnd());
        Assert.Equal(6, lines.Length);
    }

    [Fact]
    public void Scores_become_circuits_of_the_standard_sizes()
    {
        var file = files.PathOf("scores.json");
        Assert.Equal(ExitCode.Ok, CliRun.Of(["attribute", Model, .. Prompts, "--out", file]).Code);
        var run = CliRun.Of(["circuit", Model, file, .. Prompts, "--json"]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        using var library = new Library();
        using var runner = new CircuitRunner(library.Model, library.Clean, library.Source, library.Metric);
        var curve = FaithfulnessCurve.Measure(runner, CircuitGraph.Load(file));
        var root = JsonDocument.Parse(run.Output).RootElement;
        var points = root.GetProperty("points").EnumerateArray().ToArray();
        Assert.Equal(curve.Points.Select(p => p.Size), points.Select(p => p.GetProperty("size").GetDouble()));
        foreach (var (point, expected) in points.Zip(curve.Points))
            Assert.Equal(expected.Faithfulness, point.GetProperty("faithfulness").GetDouble(), 4);
        Assert.Equal(curve.Cpr, root.GetProperty("cpr").GetDouble(), 4);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("saved").ValueKind);
        var table = CliRun.Of(["circuit", Model, file, .. Prompts, "--signed", "--select", "greedy"]);
        Assert.True(table.Code == ExitCode.Ok, table.Error);
        Assert.Contains("0.1%", table.Output);
        Assert.Contains("CPR", table.Output);
    }

    [Fact]
    public void A_circuit_that_was_searched_for_is_measured_as_saved()
    {
        var file = files.PathOf("acdc.json");
        var search =
            CliRun.Of(["attribute", Model, .. Prompts, "--method", "acdc", "--threshold", "0.5", "--out", file]);
        Assert.True(search.Code == ExitCode.Ok, search.Error);
        Assert.Contains("edges are in the circuit", search.Output);
        var run = CliRun.Of(["circuit", Model, file, .. Prompts]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("as saved", run.Output);
    }

    [Fact]
    public void Scores_of_nodes_choose_nodes()
    {
        var file = files.PathOf("nodes.json");
        Assert.Equal(ExitCode.Ok, CliRun.Of(["attribute", Model, .. Prompts, "--method", "exact-nodes", "--out", file])
            .Code);
        var run = CliRun.Of(["circuit", Model, file, .. Prompts]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("100%", run.Output);
    }

    [Fact]
    public void Files_that_do_not_go_with_the_model_are_one_clear_error()
    {
        var file = files.PathOf("other.json");
        CircuitGraph.Full(new CircuitShape(1, 1, 4)).Save(file);
        Error("of a model with 1 layers", "circuit", Model, file);
        File.WriteAllText(file, "{}");
        Error("cfg: missing", "circuit", Model, file);
        Error("missing.json", "circuit", Model, files.PathOf("missing.json"));
        using var library = new Library();
        CircuitGraph.Of(library.Model).Save(file);
        Error("neither scores nor a circuit", "circuit", Model, file);
        Error("'guess'", "attribute", Model, "--method", "guess");
        Error("above 0", "attribute", Model, "--method", "acdc", "--threshold", "0");

        static void Error(string message, params string[] arguments)
        {
            var run = CliRun.Of([.. arguments, .. Prompts]);
            Assert.NotEqual(ExitCode.Ok, run.Code);
            Assert.Contains(message, run.Error);
            Assert.Equal("", run.Output);
        }
    }

    private sealed class Library : IDisposable
    {
        private readonly DisposeScope scope = torch.NewDisposeScope();

        public HookedTransformer Model { get; } = HookedTransformer.Load(AttributeCommandTests.Model);

        public Tensor Clean => Model.ToTokens("fox pear owl lamp fox");

        public PatchSource Source => PatchSource.Run(Model.ToTokens("fox door owl lamp fox"));

        public LogitMetric Metric => LogitMetric.Difference(
            (int)Model.ToSingleToken("pear"), (int)Model.ToSingleToken("door"));

        public void Dispose()
        {
            Model.Dispose();
            scope.Dispose();
        }
    }
}
