using System.CommandLine;
using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Cli.Circuits;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Cli.Patching;
using Interp.Studies.Pages;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Commands;

/// <summary><c>interp attribute</c>: which components, and which connections between them, do a task.</summary>
internal sealed class AttributeCommand : ModelCommand
{
    private readonly PromptPair _prompts;

    private readonly Option<string> _method = new("--method")
    {
        Description = "eap, eap-ig, eap-ig-activations: edges by gradients; exact: edges, one run each; "
            + "atp, exact-nodes: components by gradients, one run each; acdc: search for a circuit",
        HelpName = "METHOD",
        DefaultValueFactory = _ => "eap-ig",
    };

    private readonly Option<int> _steps = new("--steps")
    {
        Description = "Steps of integrated gradients",
        HelpName = "N",
        DefaultValueFactory = _ => 5,
    };

    private readonly Option<double> _threshold = new("--threshold")
    {
        Description = "acdc: an edge goes when the logit difference moves by less",
        HelpName = "T",
        DefaultValueFactory = _ => 0.01,
    };

    private readonly Option<int> _top = new("--top")
    {
        Description = "How many of the largest scores to show",
        HelpName = "K",
        DefaultValueFactory = _ => 15,
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Write all scores as JSON that the EAP-IG and MIB circuit tools, and interp circuit, read",
        HelpName = "FILE",
    };

    private readonly Option<string?> _html = CommonOptions.Html();
    private readonly Option<bool> _json = CommonOptions.Json();

    public AttributeCommand(CommandContext context)
        : base("attribute", "Score what every component says to every other by how much an answer depends on it.",
            context)
    {
        _prompts = new PromptPair().AddTo(this);
        foreach (Option option in new Option[] { _method, _steps, _threshold, _top, _out, _html, _json }) Add(option);
        _method.AcceptOnlyFromAmong([.. AttributionMethods.Names]);
        CommonOptions.AtLeast(_steps, 1);
        CommonOptions.AtLeast(_top, 1);
        _threshold.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.Tokens.Count > 0 && !(result.GetValueOrDefault<double>() > 0))
                result.AddError("--threshold must be above 0");
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp attribute gpt2 --clean \"When Mary and John went to the store, John gave a drink to\" "
            + "--corrupt \"When Mary and John went to the store, Mary gave a drink to\" --answer \" Mary\" "
            + "--wrong \" John\" --out circuit.json", "every edge of GPT-2 small in a few seconds"),
        new("interp attribute PATH --clean \"…\" --corrupt \"…\" --answer \" A\" --wrong \" B\" --method atp",
            "the components instead of the connections"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, LoadedModel model)
    {
        var prompts = _prompts.Read(arguments, model);
        var method = arguments.GetRequiredValue(_method);
        var graph = Attribute(arguments, model, prompts, method);
        var names = AttributionMethods.ScoresNodes(method)
            ? graph.Nodes.Where(node => node.Kind != NodeKind.Logits)
                .Zip(graph.NodeScores!, (n, s) => new ScoreJson(n.ToString(), s))
            : graph.Circuit.Select(edge => new ScoreJson(edge.Name, edge.Score));
        var result = new AttributeJson("logit difference", method, Metric(model, prompts, prompts.Clean),
            Metric(model, prompts, prompts.Corrupted), graph.Scores.Count, graph.CircuitSize,
            [.. names.OrderByDescending(score => Math.Abs(score.Score)).Take(arguments.GetValue(_top))]);
        if (arguments.GetValue(_json)) Context.Console.Json(result, CliJson.Shapes.AttributeJson);
        else Write(result);
        if (arguments.GetValue(_out) is { } file)
        {
            graph.Save(file);
            Context.Console.Note($"wrote {file}");
        }
        if (arguments.GetValue(_html) is { } page)
        {
            if (AttributionMethods.ScoresNodes(method))
                throw new UserErrorException($"--html draws connections, and --method {method} scores components");
            var command = "interp " + string.Join(' ', arguments.Tokens.Select(token => Quoted(token.Value)));
            CircuitReport.Create(model.Model, prompts.Names, graph, arguments.GetValue(_top), method, command).Save(page);
            Context.Console.Note($"wrote {page}");
        }
        return ExitCode.Ok;
    }

    private static string Quoted(string word) => word.Contains(' ') ? $"\"{word}\"" : word;

    private CircuitGraph Attribute(ParseResult arguments, LoadedModel model, PatchPrompts prompts, string method)
    {
        using var line = Context.Console.Progress("attributing", Context.Clock);
        var unit = AttributionMethods.ScoresNodes(method) ? "components" : "edges";
        return AttributionMethods.Run(method, model.Model, prompts, arguments.GetValue(_steps),
            arguments.GetValue(_threshold),
            new SweepOptions
            {
                Cancellation = Context.Cancellation,
                Progress = new SweepProgressLine(line, () => 0, 1, unit),
            });
    }

    private static double Metric(LoadedModel model, PatchPrompts prompts, Tensor tokens) =>
        LogitMetric.Difference(prompts.Answer, prompts.Wrong).Of(model.Model.Forward(tokens)).ToDouble();

    private void Write(AttributeJson result)
    {
        var console = Context.Console;
        console.Line($"logit difference: {result.Clean:0.000} clean, {result.Corrupt:0.000} corrupted");
        console.Line(result.CircuitEdges < result.Edges
            ? $"{result.CircuitEdges} of {result.Edges} edges are in the circuit"
            : $"{result.Edges} edges");
        var table = new TextTable(TextColumn.Number("change when corrupted"), new TextColumn(
            AttributionMethods.ScoresNodes(result.Method) ? "component" : "edge"));
        foreach (var (name, score) in result.Top) table.Add($"{score:0.0000}", name);
        console.Table(table);
    }
}
