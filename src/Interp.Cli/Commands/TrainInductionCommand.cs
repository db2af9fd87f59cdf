using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Studies.InductionHeads.Training;

namespace Interp.Cli.Commands;

/// <summary><c>interp train induction</c>: trains a small transformer until it forms induction heads.</summary>
internal sealed class TrainInductionCommand : InterpCommand
{
    private const string DefaultFolder = "runs/induction";
    private static readonly InductionTrainingOptions Defaults = new();

    private readonly DeviceOption _device = new();
    private readonly Option<ulong> _seed = CommonOptions.Seed();

    private readonly Option<string> _out = CommonOptions.RunFolder(DefaultFolder);
    private readonly Option<bool> _resume = CommonOptions.Resume();
    private readonly Option<int> _steps = CommonOptions.Steps(Defaults.Steps);

    public TrainInductionCommand(CommandContext context)
        : base("induction", "Train a two-layer attention-only transformer on repeated random sequences until it forms "
            + "induction heads.", context)
    {
        foreach (Option option in new Option[] { _out, _resume, _steps, _seed, _device }) Add(option);
        CommonOptions.FixedWhenResuming(this, _resume, _steps, _seed);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp train induction", $"train with the options that made models/induction, in {DefaultFolder}"),
        new("interp train induction --out runs/seed1 --seed 1", "another seed"),
        new("interp train induction --out runs/seed1 --resume", "go on after Ctrl+C or a crash"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var folder = arguments.GetRequiredValue(_out);
        var device = _device.Read(arguments);
        using var training = arguments.GetValue(_resume)
            ? InductionTraining.Resume(folder, device)
            : InductionTraining.Start(folder, Asked(arguments), device);
        TrainingSession.Run(training, folder, "induction", Context);

        var model = Path.Combine(folder, "model");
        training.SaveModel(model, Command(training.Options));
        Print(training, model);
        return ExitCode.Ok;
    }

    private InductionTrainingOptions Asked(ParseResult arguments) =>
        Defaults with { Steps = arguments.GetValue(_steps), Seed = arguments.GetValue(_seed) };

    /// <summary>The command that gives the same model again: with what differs from the defaults.</summary>
    private static string Command(InductionTrainingOptions options) => "./interp train induction"
        + (options.Steps == Defaults.Steps ? "" : $" --steps {options.Steps}")
        + (options.Seed == Defaults.Seed ? "" : $" --seed {options.Seed}");

    private void Print(InductionTraining training, string folder)
    {
        var console = Context.Console;
        if (training.LastMetrics is { } metrics)
        {
            var table = new TextTable(new TextColumn("after step"), TextColumn.Number(metrics.Step.ToString()));
            table.Add("loss", $"{metrics.Loss:0.0000}");
            table.Add("loss where the text repeats", $"{metrics.RepeatedLoss:0.0000}");
            table.Add("best previous-token head of layer 0", $"{metrics.PreviousToken:0.000}");
            table.Add("best induction head above it", $"{metrics.Induction:0.000}");
            console.Table(table);
        }

        console.Line($"model: {folder}");
    }
}
