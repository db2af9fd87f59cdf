using System.CommandLine;
using Interp.Cli.Commands;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Options;

namespace Interp.Cli.Labs;

/// <summary><c>interp lab solution</c>: shows the solution of an exercise.</summary>
internal sealed class LabSolutionCommand : InterpCommand
{
    private readonly Argument<string?> _lab;
    private readonly Argument<string?> _exercise;
    private readonly Option<bool> _json = CommonOptions.Json();

    public LabSolutionCommand(CommandContext context) : base("solution", "Show the solution of an exercise.", context)
    {
        (_lab, _exercise) = LabTarget.Arguments();
        foreach (var argument in (Argument[])[_lab, _exercise]) Add(argument);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp lab solution 2a.2", "the whole code of the exercise, completed"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var (exercise, _) = LabTarget.Parse(arguments.GetValue(_lab), arguments.GetValue(_exercise), LabFiles.All())
            .RequireExercise(LabFiles.DefaultFolder, "solution");
        if (arguments.GetValue(_json))
            Context.Console.Json(new LabSolutionJson(exercise.Number, exercise.Id, exercise.Title, exercise.Solution), CliJson.Shapes.LabSolutionJson);
        else
            Context.Console.Line(exercise.Solution.TrimEnd('\n'));
        return ExitCode.Ok;
    }
}
