using System.CommandLine;
using Interp.Cli.Commands;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Notebook;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Notebooks.Files;
using Interp.Notebooks.Labs;

namespace Interp.Cli.Labs;

/// <summary><c>interp lab check</c>: marks answers with the checks of the notebook.</summary>
internal sealed class LabCheckCommand : InterpCommand
{
    private readonly Argument<string?> _lab;
    private readonly Argument<string?> _exercise;
    private readonly Option<bool> _keepGoing = new("--keep-going")
    {
        Description = "Go on after an answer that is not right, with the solution in its place",
    };

    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "The most seconds that an answer or a check may take",
        HelpName = "S",
        DefaultValueFactory = _ => 120,
    };

    private readonly Option<string> _folder = LabFiles.FolderOption();
    private readonly Option<bool> _json = CommonOptions.Json();

    public LabCheckCommand(CommandContext context)
        : base("check", "Mark your answers: from the top to the first that is not right, or one of them.", context)
    {
        (_lab, _exercise) = LabTarget.Arguments("; every lab that you have started, where nothing is given");
        foreach (var argument in (Argument[])[_lab, _exercise]) Add(argument);
        foreach (var option in (Option[])[_keepGoing, _timeout, _folder, _json]) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp lab check transformer", "every answer of the lab, up to the first that is not right"),
        new("interp lab check 2a.6", "one exercise; solutions stand in for earlier answers that are not right"),
        new("interp lab check transformer --keep-going", "all answers, whatever comes"),
        new("interp lab check mine.ipynb", "a notebook that you worked in, without Jupyter"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var timeout = arguments.GetValue(_timeout);
        if (!(timeout > 0 && timeout <= 86_400))
            throw UserErrorException.Usage($"--timeout takes seconds between 0 and 86400, not {timeout}");
        var labs = LabFiles.All();
        var target = LabTarget.Parse(arguments.GetValue(_lab), arguments.GetValue(_exercise), labs);
        var options = new LabCheckOptions
        {
            Only = target.Exercise,
            KeepGoing = arguments.GetValue(_keepGoing),
            Timeout = TimeSpan.FromSeconds(timeout),
        };
        var files = Files(target, labs, arguments.GetRequiredValue(_folder));
        var json = arguments.GetValue(_json);
        var reports = files.Select(file => Check(file, labs, options, json)).ToArray();
        if (json) Context.Console.Json(new LabChecksJson([.. reports.Select(ToJson)]), CliJson.Shapes.LabChecksJson);
        return reports.All(report => LabMarks.AllRight(report, options)) ? ExitCode.Ok : ExitCode.ClaimFailed;
    }

    private static string[] Files(LabTarget target, IReadOnlyList<Lab> labs, string folder)
    {
        if (target.File is { } file) return [file];
        if (target.Lab is { } lab) return [LabFiles.PathOf(lab, folder)];
        string[] started = [.. labs.Select(known => LabFiles.Started(known, folder)).OfType<string>()];
        return started.Length > 0 ? started : throw new UserErrorException(
            $"no lab was started in {folder}; 'interp lab start {labs[0].Name}' starts one, --in FOLDER looks elsewhere, "
            + $"'interp lab check {labs[0].Name}' marks the notebook in {Path.GetDirectoryName(labs[0].Notebook.Path)}");
    }

    private LabReport Check(string file, IReadOnlyList<Lab> labs, LabCheckOptions options, bool json)
    {
        var copy = LabFiles.Load(file, labs);
        var record = LabRecord.Of(file);
        var report = Mark(copy, options, json ? null : new LabMarks(copy, options, Context.Console));
        foreach (var mark in report.Marks) record.Add(mark, copy.Answer(mark.Exercise));
        LabRecords.TrySave(record, Context);
        LabMarks.Summarize(report, options, Context.Console);
        return report;
    }

    private LabReport Mark(WorkingCopy copy, LabCheckOptions options, LabMarks? marks)
    {
        using var line = Context.Console.Progress(Path.GetFileName(copy.Path), Context.Clock);
        using var ended = new EndOfProcess(Context.Console);
        var progress = new Progress(value =>
        {
            var section = copy.Sections[value.Cell - 1];
            ended.What = $"{section.Place(section.Line)}: {section.Name}";
            line.Report(((value.Cell - 1.0) / value.Cells, section.Name));
        });
        return LabChecker.Run(copy, options with { Progress = progress, Marked = marks }, Context.Cancellation);
    }

    private static LabCheckJson ToJson(LabReport report) => new(report.Copy.Lab.Name, report.Copy.Path, report.Passed,
        report.Copy.Lab.Exercises.Count, report.Elapsed.TotalSeconds, LabMarks.Error(report),
        [.. report.Marks.Select(mark => new LabMarkJson(mark.Exercise.Number, mark.Exercise.Id, mark.Exercise.Title,
            LabMarks.Name(mark.Status), mark.Message, mark.Place, mark.Line, mark.Cell, mark.Output, mark.SolutionStandsIn,
            mark.Elapsed.TotalSeconds))]);

    private sealed class Progress(Action<NotebookProgress> report) : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value) => report(value);
    }
}
