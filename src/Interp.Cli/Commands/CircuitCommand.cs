using System.CommandLine;
using Interp.Circuits.Evaluation;
using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Cli.Output;

namespace Interp.Cli.Commands;

/// <summary><c>interp circuit</c>: how much of a task circuits from a file of scores do alone.</summary>
internal sealed class CircuitCommand : ModelCommand
{
    private const string Top = "top", Greedy = "greedy", Nodes = "nodes";

    private readonly PromptPair _prompts;
    private readonly Argument<string> _file = new("CIRCUIT")
    {
        Description = "Scores or a circuit as JSON, of 'interp attribute' or of the EAP-IG and MIB circuit tools",
    };

    private readonly Option<string?> _select = new("--select")
    {
        Description = "How circuits are chosen: the top edges, grown greedily from the logits, or the top nodes; "
            + "by default what the file has scores of",
        HelpName = "top|greedy|nodes",
    };

    private readonly Option<bool> _signed = new("--signed")
    {
        Description = "Choose what helps the answer most (scores far below 0), not what changes it most",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public CircuitCommand(CommandContext context)
        : base("circuit", "Run a model with only a circuit working, and measure how much of the task it does.", context)
    {
        Add(_file);
        _prompts = new PromptPair().AddTo(this);
        foreach (Option option in new Option[] { _select, _signed, _json }) Add(option);
        _select.AcceptOnlyFromAmong(Top, Greedy, Nodes);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp circuit gpt2 circuit.json --clean \"When Mary and John went to the store, John gave a drink to\" "
            + "--corrupt \"When Mary and John went to the store, Mary gave a drink to\" --answer \" Mary\" "
            + "--wrong \" John\"",
            "faithfulness of the best 0.1% to 100% of the edges, and the areas CPR and CMD"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, LoadedModel model)
    {
        var file = arguments.GetRequiredValue(_file);
        var graph = CircuitGraph.Load(file);
        var prompts = _prompts.Read(arguments, model);
        using var line = Context.Console.Progress("running circuits", Context.Clock);
        using var runner = new CircuitRunner(model.Model, prompts.Clean, PatchSource.Run(prompts.Corrupted),
            LogitMetric.Difference(prompts.Answer, prompts.Wrong),
                new SweepOptions { Cancellation = Context.Cancellation });
        if (graph.Shape != runner.Shape)
            throw new UserErrorException($"{file} is of a model with {graph.Shape}; {model.Path} has {runner.Shape}");
        var result = Measure(arguments, file, graph, runner);
        if (arguments.GetValue(_json)) Context.Console.Json(result, CliJson.Shapes.CircuitJson);
        else Write(result);
        return ExitCode.Ok;
    }

    private CircuitJson Measure(ParseResult arguments, string file, CircuitGraph graph, CircuitRunner runner)
    {
        var edges = graph.Scores.Any(score => score != 0);
        var isCircuit = graph.CircuitSize > 0 && graph.CircuitSize < graph.Scores.Count;
        if (!edges && graph.NodeScores is null && !isCircuit)
            throw new UserErrorException(
                $"{file} has neither scores nor a circuit; make one with interp attribute --out");
        if (arguments.GetValue(_select) == Nodes && graph.NodeScores is null)
            throw new UserErrorException(
                $"--select nodes: {file} has no scores of nodes; make some with interp attribute --method atp");
        try
        {
            var saved = isCircuit ? Saved(graph, runner) : null;
            var curve = edges || graph.NodeScores is not null ? Curve(arguments, graph, runner, edges) : null;
            return new CircuitJson("logit difference", runner.Clean, runner.Corrupted, saved,
                [.. curve?.Points.Select(p =>
                    new CircuitPointJson(p.Size, p.Edges, p.Metric, p.Faithfulness, p.Completeness)) ?? []],
                curve?.Cpr, curve?.Cmd);
        }
        catch (InvalidOperationException e)
        {
            throw new UserErrorException(e.Message);
        }
    }

    private FaithfulnessCurve Curve(ParseResult arguments, CircuitGraph graph, CircuitRunner runner, bool edges)
    {
        var signed = arguments.GetValue(_signed);
        // What helps the answer lowers the logit difference when it is corrupted: its score is below 0.
        if (signed) graph = graph.WithScores(graph.Scores.Select(s => -s))
            .WithNodeScores(graph.NodeScores?.Select(s => -s));
        return FaithfulnessCurve.Measure(runner, graph, new CurveOptions
        {
            Selection = (arguments.GetValue(_select) ?? (edges ? Top : Nodes)) switch
            {
                Top => CircuitSelection.TopEdges,
                Greedy => CircuitSelection.Greedy,
                _ => CircuitSelection.TopNodes,
            },
            Absolute = !signed,
        });
    }

    private static CircuitPointJson Saved(CircuitGraph graph, CircuitRunner runner)
    {
        var circuit = graph.Prune();
        var metrics = runner.Run([circuit, circuit.Complement()]);
        return new CircuitPointJson(
            null, circuit.CircuitSize, metrics[0], runner.Normalize(metrics[0]), runner.Normalize(metrics[1]));
    }

    private void Write(CircuitJson result)
    {
        var console = Context.Console;
        console.Line($"logit difference: {result.Clean:0.000} clean, {result.Corrupt:0.000} corrupted");
        var table = new TextTable(TextColumn.Number("size"), TextColumn.Number("edges"),
            TextColumn.Number("logit difference"),
            TextColumn.Number("faithfulness"), TextColumn.Number("without it"));
        foreach (var point in result.Points.Append(result.Saved).OfType<CircuitPointJson>())
            table.Add(point.Size is { } size ? $"{size * 100:0.#}%"
                : "as saved", $"{point.Edges}", $"{point.Metric:0.000}",
                $"{point.Faithfulness:0.000}", $"{point.Completeness:0.000}");
        console.Table(table);
        if (result.Cpr is { } cpr)
            console.Line($"CPR {cpr:0.000} (area under faithfulness), CMD {result.Cmd:0.000} (its distance from 1)");
    }
}
