using System.CommandLine;
using Interp.Cli.Grok;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Options;
using Interp.Studies.ModularAddition;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Commands;

/// <summary><c>interp grok report</c>: walks through the proof that a model computes modulo p with a Fourier circuit.</summary>
internal sealed class GrokReportCommand : InterpCommand
{
    private const string DefaultReport = "reports/grok.html";

    private readonly Argument<string> _path = new("PATH")
    {
        Description = "The folder of a run of 'interp train modadd', also one that is under way, or a model of modular arithmetic: a folder or a file of weights",
    };

    private readonly DeviceOption _device = new();
    private readonly Option<int?> _modulus = new("--modulus") { Description = "p, where the model does not tell: one less than its tokens", HelpName = "p" };
    private readonly Option<string?> _operation = ModularTrainingOptions.OperationOption();
    private readonly Option<uint?> _splitSeed = new("--split-seed") { Description = "Seed of the split that the model was trained on, as Python's random.seed", HelpName = "SEED" };
    private readonly Option<double?> _fraction = new("--train-fraction") { Description = "The part of all pairs that it was trained on; 0.3 where a split is given", HelpName = "F" };
    private readonly Option<string?> _html = CommonOptions.Html();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<bool> _check = new("--check") { Description = "End with 3 if the model does not have the circuit" };

    public GrokReportCommand(CommandContext context)
        : base("report", "Reverse-engineer a model of modular arithmetic: check every published claim and write a report that walks through the proof.", context)
    {
        Add(_path);
        _html.DefaultValueFactory = _ => DefaultReport;
        foreach (var option in (Option[])[_html, _json, _check, _modulus, _operation, _splitSeed, _fraction, _device]) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp grok report models/modadd", $"the model that ships with Interp; a table of verdicts, and a report in {DefaultReport}"),
        new("interp grok report runs/modadd --html modadd.html", "a training of your own, also while it runs"),
        new("interp grok report wd_10-1_mod_addition_loss_curve.pth --split-seed 1", "anyone's model"),
        new("interp grok report PATH --json --check", "for a program: ends with 3 if there is no circuit"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var path = arguments.GetRequiredValue(_path);
        using var source = GrokSource.Open(path, _device.Read(arguments), arguments.GetValue(_modulus), arguments.GetValue(_operation),
            arguments.GetValue(_splitSeed), arguments.GetValue(_fraction));
        using var activations = ModularActivations.Of(source.Model.Model, source.Task, Context.Cancellation);
        var analysis = GrokAnalysis.Of(source.Model.Model, activations, source.Split, Context.Cancellation);
        var curve = Curve(source.Run, analysis);
        var phases = GrokPhases.Find(curve);
        if (arguments.GetValue(_json)) Context.Console.Json(GrokTable.ToJson(analysis, phases), CliJson.Shapes.GrokJson);
        else GrokTable.Write(analysis, Context.Console);

        var file = arguments.GetValue(_html)!;
        GrokReport.Create(source.Model.Model, source.Run, activations, analysis, curve, phases, $"interp grok report {path} --html {file}").Save(file);
        Context.Console.Note($"wrote {file}");
        return arguments.GetValue(_check) && !analysis.CircuitFound ? ExitCode.ClaimFailed : ExitCode.Ok;
    }

    /// <summary>The progress measures: as they were saved with a model, else measured from the weights that a run keeps.</summary>
    private IReadOnlyList<ProgressMeasures> Curve(ModularRun? run, GrokAnalysis analysis)
    {
        if (run is null) return [];
        if (run.SavedProgress.Count > 0) return run.SavedProgress;
        using var line = Context.Console.Progress("looking back", Context.Clock);
        return run.MeasureProgress(analysis.Frequencies.Frequencies, new TrainingLine(line, "weights"), Context.Cancellation);
    }
}
