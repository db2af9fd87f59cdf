using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Studies.Stories;
using Interp.Training;

namespace Interp.Cli.Commands;

/// <summary><c>interp train stories</c>: trains a small language model on stories from a grammar.</summary>
internal sealed class TrainStoriesCommand : InterpCommand
{
    private const string DefaultFolder = "runs/stories";
    private static readonly StoriesTrainingOptions Defaults = new();

    private readonly DeviceOption _device = new();
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<string> _out = CommonOptions.RunFolder(DefaultFolder);
    private readonly Option<bool> _resume = CommonOptions.Resume();
    private readonly Option<int> _steps = CommonOptions.Steps(Defaults.Steps);

    private readonly Option<int> _measured = new("--measured")
    {
        Description = "Stories that the finished model is measured on for its card",
        HelpName = "N",
        DefaultValueFactory = _ => StoriesEvaluation.DefaultStories,
    };

    public TrainStoriesCommand(CommandContext context)
        : base("stories", "Train a small GPT-2 on short stories from a grammar that knows how probable each of them is.", context)
    {
        foreach (Option option in new Option[] { _out, _resume, _steps, _seed, _measured, _device }) Add(option);
        CommonOptions.AtLeast(_measured, 1);
        CommonOptions.FixedWhenResuming(this, _resume, _steps, _seed);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp train stories", $"train with the options that made models/stories, in {DefaultFolder}"),
        new("interp train stories --out runs/short --steps 500", "a worse model, sooner"),
        new("interp train stories --out runs/short --resume", "go on after Ctrl+C or a crash"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var folder = arguments.GetRequiredValue(_out);
        var device = _device.Read(arguments);
        using var training = arguments.GetValue(_resume)
            ? StoriesTraining.Resume(folder, device, Context.Clock)
            : StoriesTraining.Start(folder, Asked(arguments), device, Context.Clock);
        TrainingSession.Run(training, folder, "stories", Context);

        var model = Path.Combine(folder, "model");
        Context.Console.Note("measuring the model on held-out stories");
        var scores = training.SaveModel(model, Command(training.Options), arguments.GetValue(_measured), Context.Cancellation);
        Print(scores, model);
        return ExitCode.Ok;
    }

    private StoriesTrainingOptions Asked(ParseResult arguments) =>
        Defaults with { Steps = arguments.GetValue(_steps), Seed = arguments.GetValue(_seed) };

    /// <summary>The command that gives the same model again: with what differs from the defaults.</summary>
    private static string Command(StoriesTrainingOptions options) => "./interp train stories"
        + (options.Steps == Defaults.Steps ? "" : $" --steps {options.Steps}")
        + (options.Seed == Defaults.Seed ? "" : $" --seed {options.Seed}");

    private void Print(StoriesScores scores, string folder)
    {
        var console = Context.Console;
        var table = new TextTable(new TextColumn($"on {scores.Stories} new stories"), TextColumn.Number("accuracy"), TextColumn.Number("places"));
        foreach (var score in scores.Behaviours) table.Add(score.Behaviour.ToString(), $"{score.Accuracy:0.0000}", score.Places.ToString());
        console.Table(table);
        console.Line($"loss {scores.Loss:0.0000} nats a token; the grammar's entropy is {scores.Entropy:0.0000}, so that is {scores.Excess * 100:0.0}% above the least");
        console.Line($"model: {folder}");
    }
}
