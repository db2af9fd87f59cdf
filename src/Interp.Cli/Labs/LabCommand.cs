using System.CommandLine;
using Interp.Cli.Commands;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Notebooks.Labs;

namespace Interp.Cli.Labs;

/// <summary><c>interp lab</c>: the labs and their exercises, and how far the reader is; below it, commands to solve them.</summary>
internal sealed class LabCommand : InterpCommand
{
    private readonly Option<string> _folder = LabFiles.FolderOption();
    private readonly Option<bool> _json = CommonOptions.Json();

    public LabCommand(CommandContext context)
        : base("lab", "Solve the lab exercises in an editor: list them, start one, check answers, unfold hints.", context)
    {
        foreach (var option in (Option[])[_folder, _json]) Add(option);
        foreach (var command in (Command[])
                 [
                     new LabStartCommand(context), new LabCheckCommand(context), new LabHintCommand(context),
                     new LabSolutionCommand(context),
                 ])
            Add(command);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp lab", "every exercise, and which ones you have solved"),
        new("interp lab start transformer", $"write {LabFiles.DefaultFolder}/transformer.cs, to be completed in an editor"),
        new("interp lab check transformer", "mark your answers up to the first that is not right"),
        new("interp lab hint 2a.2", "a hint; again for the next one"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var labs = LabFiles.All();
        var folder = arguments.GetRequiredValue(_folder);
        var list = labs.Select(lab => Read(lab, LabFiles.PathOf(lab, folder), labs)).ToArray();
        if (arguments.GetValue(_json))
        {
            Context.Console.Json(new LabListJson(list), CliJson.Shapes.LabListJson);
            return ExitCode.Ok;
        }
        foreach (var lab in list) Print(lab);
        Context.Console.Line("interp lab start NAME begins one, interp lab check NAME marks it");
        return ExitCode.Ok;
    }

    /// <summary>A lab with the state of its exercises; of a file that cannot be read, why.</summary>
    private static LabJson Read(Lab lab, string file, IReadOnlyList<Lab> labs)
    {
        WorkingCopy? copy = null;
        string? error = null;
        try
        {
            copy = LabFiles.Load(file, labs);
        }
        catch (Exception problem) when (problem is LabFormatException or UserErrorException)
        {
            error = problem.Message;
        }
        if (copy is not null && copy.Lab != lab) error = $"{file}: its sections are those of the lab {copy.Lab.Name}";
        var record = error is null ? LabRecord.Of(file) : null;
        return new LabJson(lab.Name, lab.Label, lab.Title, lab.Duration, file, error,
            [.. lab.Exercises.Select(exercise => new LabExerciseJson(exercise.Number, exercise.Id, exercise.Title, exercise.Hints.Count,
                record?.HintsShown(exercise) ?? 0, record is null ? null : NameOf(record.StateOf(copy!.Answer(exercise)))))]);
    }

    private void Print(LabJson lab)
    {
        var solved = lab.Exercises.Count(exercise => exercise.State == NameOf(AnswerState.Solved));
        var console = Context.Console;
        console.Line($"{lab.Name} ({lab.Label}): {lab.Title}{(lab.Duration is { } time ? $", {time}" : "")}");
        console.Line(lab.Error is null ? $"{solved} of {lab.Exercises.Length} solved in {lab.File}" : $"cannot be read: {lab.Error}");
        var table = new TextTable(new TextColumn("exercise"), new TextColumn("name"), new TextColumn("title"),
            TextColumn.Number("hints"), new TextColumn("state"));
        foreach (var exercise in lab.Exercises)
            table.Add(exercise.Number, exercise.Name, exercise.Title,
                exercise.HintsShown > 0 ? $"{exercise.HintsShown}/{exercise.Hints}" : $"{exercise.Hints}",
                new TextCell(exercise.State?.Replace('_', ' ') ?? "?", Strong: exercise.State == NameOf(AnswerState.Solved)));
        console.Table(table);
        console.Line();
    }

    private static string NameOf(AnswerState state) => state switch
    {
        AnswerState.Solved => "solved",
        AnswerState.NotChecked => "not_checked",
        AnswerState.Wrong => "wrong",
        _ => "not_yet",
    };
}
