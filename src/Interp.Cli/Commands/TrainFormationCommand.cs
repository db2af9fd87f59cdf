using System.CommandLine;
using Interp.Cli.Formation;
using Interp.Cli.Grok;
using Interp.Cli.Help;
using Interp.Cli.Options;
using Interp.Studies.InductionHeads.Formation;

namespace Interp.Cli.Commands;

/// <summary><c>interp train formation</c>: trains small models of one and two layers with dense checkpoints, to see induction heads form.</summary>
internal sealed class TrainFormationCommand : InterpCommand
{
    private const string DefaultFolder = "runs/formation";
    private const int DefaultSeeds = 5;
    private static readonly FormationOptions Defaults = new();

    private readonly Option<string> _out = CommonOptions.RunFolder(DefaultFolder);
    private readonly Option<int> _steps = CommonOptions.Steps(Defaults.Steps);

    private readonly Option<int> _seeds = new("--seeds")
    {
        Description = "Trainings of each depth, with seeds 0, 1, …",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultSeeds,
    };

    public TrainFormationCommand(CommandContext context)
        : base("formation", "Train small models of one and of two layers with dense checkpoints, to see induction heads form.", context)
    {
        CommonOptions.AtLeast(_seeds, 1);
        CommonOptions.AtLeast(_steps, PhaseChange.LeastCheckpoints * Defaults.MeasureEvery);
        foreach (var option in (Option[])[_out, _steps, _seeds]) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp train formation", $"ten trainings of less than a minute each, in {DefaultFolder}; called again, it goes on where it was stopped"),
        new("interp train formation --out runs/more --seeds 10", "more seeds"),
        new("interp induction formation runs/formation", "what they show"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var folder = arguments.GetRequiredValue(_out);
        var options = Defaults with { Steps = arguments.GetValue(_steps) };
        var seeds = arguments.GetValue(_seeds);
        Context.Console.Note($"training in {folder}; Ctrl+C stops at a checkpoint, the same command goes on");
        FormationStudy study;
        using (var line = Context.Console.Progress("training", Context.Clock))
            study = FormationStudy.Train(folder, options, seeds, new TrainingLine(line, "step"), Context.Cancellation);
        var model = Path.Combine(folder, "model");
        FormationFolder.Save(study, model, "./interp train formation" + (options.Steps == Defaults.Steps ? "" : $" --steps {options.Steps}")
            + (seeds == DefaultSeeds ? "" : $" --seeds {seeds}"));
        FormationTable.Write(study, Context.Console);
        Context.Console.Line($"study: {model}");
        return ExitCode.Ok;
    }
}
