using System.CommandLine;
using Interp.Cli.Commands;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Options;
using Interp.Notebooks.Labs;

namespace Interp.Cli.Labs;

/// <summary><c>interp lab hint</c>: unfolds one hint more each time.</summary>
internal sealed class LabHintCommand : InterpCommand
{
    private readonly Argument<string?> _lab;
    private readonly Argument<string?> _exercise;
    private readonly Option<bool> _all = new("--all") { Description = "Every hint at once" };
    private readonly Option<string> _folder = LabFiles.FolderOption();
    private readonly Option<bool> _json = CommonOptions.Json();

    public LabHintCommand(CommandContext context)
        : base("hint", "Show the hints of an exercise, one more each time.", context)
    {
        (_lab, _exercise) = LabTarget.Arguments();
        foreach (var argument in (Argument[])[_lab, _exercise]) Add(argument);
        foreach (var option in (Option[])[_all, _folder, _json]) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp lab hint 2a.2", "the first hint; again: the first and the second"),
        new("interp lab hint transformer layer-norm --all", "all of them"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var (exercise, file) = LabTarget.Parse(arguments.GetValue(_lab), arguments.GetValue(_exercise), LabFiles.All())
            .RequireExercise(arguments.GetRequiredValue(_folder), "hint");
        var record = LabRecord.Of(file);
        var count = arguments.GetValue(_all) ? exercise.Hints.Count : Math.Min(record.HintsShown(exercise) + 1, exercise.Hints.Count);
        record.ShowHints(exercise, Math.Max(count, record.HintsShown(exercise)));
        LabRecords.TrySave(record, Context);
        if (arguments.GetValue(_json))
            Context.Console.Json(new LabHintsJson(exercise.Number, exercise.Id, exercise.Title, exercise.Hints.Count,
                [.. exercise.Hints.Take(count).Select(hint => new LabHintJson(hint.Title, hint.Text))]), CliJson.Shapes.LabHintsJson);
        else
            Print(exercise, count);
        return ExitCode.Ok;
    }

    private void Print(LabExercise exercise, int count)
    {
        var console = Context.Console;
        console.Line($"{exercise}");
        for (var i = 0; i < count; i++)
            console.Line($"\nHint {i + 1} of {exercise.Hints.Count}: {exercise.Hints[i].Title}\n{exercise.Hints[i].Text}");
        console.Flush();
        console.Note(count < exercise.Hints.Count ? "again for the next one" : $"that is all; interp lab solution {exercise.Number}");
    }
}
