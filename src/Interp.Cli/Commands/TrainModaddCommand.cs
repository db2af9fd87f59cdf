using System.CommandLine;
using Interp.Cli.Grok;
using Interp.Cli.Help;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Studies.ModularAddition;

namespace Interp.Cli.Commands;

/// <summary><c>interp train modadd</c>: trains a one-layer transformer on arithmetic modulo p until it groks.</summary>
internal sealed class TrainModaddCommand : InterpCommand
{
    private const string DefaultFolder = "runs/modadd";
    private static readonly ModularAdditionOptions Paper = ModularAdditionOptions.Paper;

    private readonly DeviceOption _device = new();
    private readonly ModularTrainingOptions _training = new();

    private readonly Option<string> _out = new("--out")
    {
        Description = "The folder of the run: options, metrics, checkpoints, weights over time and at the end the model",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => DefaultFolder,
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with the run in the folder, to the same numbers as if it had never stopped",
    };

    public TrainModaddCommand(CommandContext context)
        : base("modadd", "Train a one-layer transformer on arithmetic modulo p until it groks (Nanda et al. 2023).", context)
    {
        foreach (var option in (Option[])[_out, _resume, .. _training.All, _device]) Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(_resume) is not { Implicit: false }) return;
            foreach (var option in _training.All)
                if (result.GetResult(option) is { Implicit: false })
                    result.AddError($"{option.Name} cannot change when resuming: the run keeps the options it was started with");
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp train modadd --preset small", "a small model that groks within minutes"),
        new("interp train modadd", $"as published: p = 113, {Paper.Epochs:N0} epochs, in {DefaultFolder}"),
        new("interp train modadd --preset small --operation subtract --out runs/minus", "another operation"),
        new("interp train modadd --out runs/minus --resume", "go on after Ctrl+C or a crash"),
        new("interp grok report runs/modadd", "what it has learned; also while it trains"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var folder = arguments.GetRequiredValue(_out);
        var device = _device.Read(arguments);
        using var training = arguments.GetValue(_resume)
            ? ModularAdditionTraining.Resume(folder, device)
            : ModularAdditionTraining.Start(folder, _training.Read(arguments), device);
        Train(training, folder);

        var model = Path.Combine(folder, "model");
        GrokAnalysis analysis;
        using (var line = Context.Console.Progress("looking back", Context.Clock))
            analysis = ModularModelFolder.Save(ModularRun.TryOpen(folder)!, training.Model, model, ModularTrainingOptions.Command(training.Options),
                new TrainingLine(line, "weights"), Context.Cancellation);
        Print(training, analysis, model);
        return ExitCode.Ok;
    }

    private void Train(ModularAdditionTraining training, string folder)
    {
        var console = Context.Console;
        console.Note($"training in {folder}, which will take up to {training.DiskBudget / 1e6:0} MB; Ctrl+C stops at a checkpoint");
        using var line = console.Progress("training", Context.Clock);
        try
        {
            training.Run(new TrainingLine(line, "epoch"), Context.Cancellation);
        }
        catch (OperationCanceledException)
        {
            console.Note($"stopped after epoch {training.Step}; go on with: interp train modadd --out {folder} --resume");
            throw;
        }
    }

    private void Print(ModularAdditionTraining training, GrokAnalysis analysis, string folder)
    {
        var console = Context.Console;
        if (training.LastMetrics is { } metrics)
        {
            var table = new TextTable(new TextColumn("after epoch"), TextColumn.Number(metrics.Step.ToString()));
            table.Add("loss on the pairs trained on", GrokReport.Loss(metrics.TrainLoss));
            table.Add("loss on the others", GrokReport.Loss(metrics.TestLoss));
            table.Add("answered right of the others", $"{metrics.TestAccuracy:0.0%}");
            console.Table(table);
        }

        console.Line(GrokReport.Summary(analysis));
        console.Line($"model: {folder}");
        console.Line($"next:  interp grok report {folder}");
    }
}
