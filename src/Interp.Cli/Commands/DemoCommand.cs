using System.CommandLine;
using Interp.Circuits.Heads;
using Interp.Cli.Grok;
using Interp.Cli.Heads;
using Interp.Cli.Help;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Loading;
using Interp.Studies.ModularAddition;
using Interp.Studies.Pages;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Commands;

/// <summary><c>interp demo</c>: the shipped model, its heads, a report; the first thing that a newcomer runs.</summary>
internal sealed class DemoCommand : InterpCommand
{
    private const string ModelName = "induction";
    private const string ModularName = "modadd";
    private const string DefaultReport = "reports/demo.html";

    private readonly DeviceOption _device = new();
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<string?> _html = CommonOptions.Html();

    public DemoCommand(CommandContext context)
        : base("demo", "Load the small model that ships with Interp, score its heads and write a report.", context)
    {
        _html.DefaultValueFactory = _ => DefaultReport;
        Add(_device);
        Add(_seed);
        Add(_html);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp demo", $"a table of scores, and a report in {DefaultReport}"),
        new("interp demo --seed 1 --html heads.html", "other random sequences, the report elsewhere"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var model = LoadedModel.Load(
            ShippedModels.Find(ModelName), new LoadOptions { Device = _device.Read(arguments) });
        var seed = arguments.GetValue(_seed);
        var console = Context.Console;
        console.Line($"models/{ModelName}: {model.Config.NLayers} layers of {model.Config.NHeads} heads, "
            + $"{model.Model.ParameterCount:N0} parameters, trained to continue sequences that repeat.");

        var scores = HeadScores.Measure(model.Model, new HeadScoreOptions { Seed = seed }, Context.Cancellation);
        HeadTable.Write(scores, console);

        var file = arguments.GetValue(_html)!;
        var patterns = RepeatedPatterns.Of(model.Model, scores);
        HeadsReport.Create(model.Model, scores, patterns, $"interp demo --seed {seed} --html {file}").Save(file);
        console.Line();
        WriteGrokking();
        console.Line();
        console.Line($"report: {Path.GetFullPath(file)}");
        console.Line($"next:   ./interp heads models/{ModelName} --help, or any model of your own in place of models/{ModelName}");
        console.Line($"        ./interp grok report models/{ModularName}");
        return ExitCode.Ok;
    }

    /// <summary>The second shipped model, and the core claims about its circuit.</summary>
    private void WriteGrokking()
    {
        using var source = GrokSource.Open(ShippedModels.Find(ModularName), torch.CPU, null, null, null, null);
        Context.Console.Line($"models/{ModularName}: {source.Model.Config.NLayers} layer, {source.Model.Model.ParameterCount:N0} parameters, trained on "
            + $"{source.Split!.Train.Count:N0} of {source.Task.Order * source.Task.Order:N0} pairs to compute a {source.Task.Sign} b mod {source.Task.Modulus}.");
        var analysis = GrokAnalysis.Of(source.Model.Model, source.Task, source.Split, Context.Cancellation);
        GrokTable.Write(analysis, Context.Console, coreOnly: true);
    }
}
