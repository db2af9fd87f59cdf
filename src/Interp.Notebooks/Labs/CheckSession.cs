using System.Diagnostics;
using Interp.Notebooks.Engine;
using Interp.Notebooks.Exercises;
using Interp.Notebooks.Files;

namespace Interp.Notebooks.Labs;

/// <summary>One run of <see cref="LabChecker"/>.</summary>
internal sealed class CheckSession : IDisposable
{
    private readonly WorkingCopy _copy;
    private readonly LabCheckOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly RunOptions _running;
    private readonly CellEngine _engine;
    private readonly CheckPlaces _places = new();
    private readonly List<ExerciseMark> _marks = [];
    private readonly List<SectionError> _ignored = [];

    public CheckSession(WorkingCopy copy, LabCheckOptions options, CancellationToken cancellation)
    {
        (_copy, _options, _cancellation) = (copy, options, cancellation);
        _running = new RunOptions { CellTimeout = options.Timeout };
        _engine = new CellEngine(new CellEngineOptions { Folder = Path.GetDirectoryName(Path.GetFullPath(copy.Path)) });
    }

    public void Dispose() => _engine.Dispose();

    public LabReport Run()
    {
        var clock = Stopwatch.StartNew();
        SectionError? broken = null;
        var last = _options.Only is { } only ? _copy.Sections.ToList().IndexOf(_copy.Answer(only)) : _copy.Sections.Count - 1;
        for (var i = 0; i <= last; i++)
        {
            _cancellation.ThrowIfCancellationRequested();
            _options.Progress?.Report(new NotebookProgress(i + 1, last + 1));
            var section = _copy.Sections[i];
            if (section.Exercise is not null && !Mark(section)) break;
            if (section.Exercise is null && Fails(section) is { } error)
            {
                if (section.Kind == LabSectionKind.Own) _ignored.Add(error);
                else broken = error;
            }
            if (broken is not null) break;
        }
        return new LabReport(_copy, _marks, broken, _ignored, clock.Elapsed);
    }

    private SectionError? Fails(LabSection section)
    {
        var run = Execute(section.Source, section);
        return run.Result.Error is { } error
            ? new SectionError(section, _places.Message(error, _options.Timeout), _places.Find(error, section).Text) : null;
    }

    /// <summary>Marks an answer.</summary>
    /// <returns>Whether to go on.</returns>
    private bool Mark(LabSection section)
    {
        var clock = Stopwatch.StartNew();
        var exercise = section.Exercise!;
        var run = Execute(section.Source, section);
        var output = run.Text;
        foreach (var check in exercise.Checks.TakeWhile(_ => run.Result.Error is null))
        {
            run = Execute(check, null);
            output += run.Text;
        }
        var right = run.Result.Error is null;
        var goesOn = right || _options.KeepGoing || _options.Only is { } only && only != exercise;
        var mark = Result(section, run.Result.Error, output, standsIn: !right && goesOn, clock.Elapsed);
        _marks.Add(mark);
        _options.Marked?.Report(mark);
        if (mark.SolutionStandsIn) Execute(exercise.Solution, null);
        return goesOn;
    }

    private ExerciseMark Result(LabSection section, CellError? error, string output, bool standsIn, TimeSpan elapsed)
    {
        var status = error is null ? MarkStatus.Passed
            : error.Name == nameof(NotSolvedException) ? MarkStatus.NotSolved : MarkStatus.Failed;
        var place = _places.Find(error, section);
        return new ExerciseMark(section.Exercise!, status, error is null ? "" : _places.Message(error, _options.Timeout),
            place.Text, place.Line, place.Cell, output, standsIn, elapsed);
    }

    /// <summary>Runs code as one cell.</summary>
    /// <param name="code">The code.</param>
    /// <param name="section">The section that it is; null for code of the lab that is not in the working copy.</param>
    private RunCell Execute(string code, LabSection? section)
    {
        _places.Add(_engine.Count + 1, section);
        var run = NotebookRunner.RunOne(_engine, new NotebookCell(CellKind.Code, code), 0, code, _running, _cancellation);
        _cancellation.ThrowIfCancellationRequested();
        return run;
    }
}
