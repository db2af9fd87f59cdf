using Interp.Notebooks.Engine;
using Interp.Notebooks.Files;

namespace Interp.Notebooks.Tests.Labs;

/// <summary>
/// Solves a lab notebook once from top to bottom; before a solution goes in, the wrong answers to its exercise are
/// tried. One engine for all of them: each costs two cells and not a run of the notebook.
/// </summary>
public sealed class LabTrial
{
    private readonly Dictionary<string, CellError?> _marks = [];

    /// <param name="notebook">The name of the notebook.</param>
    /// <param name="answers">The wrong answers.</param>
    public LabTrial(string notebook, IReadOnlyList<WrongAnswer> answers)
    {
        Notebook = Load(notebook);
        using var run = new CellRun();
        var left = answers.Count;
        foreach (var cell in Notebook.Cells.Where(cell => cell.Kind == CellKind.Code))
        {
            if (left == 0) break;
            if (cell.Role != CellRole.Exercise)
            {
                run.Value(cell.Source);
                continue;
            }
            var solution = File.ReadAllText(Solutions.FileOf(Notebook.Path, cell.ExerciseId));
            foreach (var answer in answers.Where(answer => answer.Exercise == cell.ExerciseId))
            {
                _marks.Add(answer.Mistake, Mark(run, answer, solution));
                left--;
            }
            run.Value(solution);
        }
        Assert.Equal(0, left); // an answer to an exercise that is not there
    }

    /// <summary>The notebook.</summary>
    public NotebookFile Notebook { get; }

    /// <summary>A notebook of the lab.</summary>
    public static NotebookFile Load(string name) => NotebookFile.Load(Repository.Path($"notebooks/lab2/{name}.ipynb"));

    /// <summary>Requires that the exercise's check caught a wrong answer and named the mistake.</summary>
    public void AssertCaught(WrongAnswer answer)
    {
        var error = _marks[answer.Mistake];
        var what = $"{answer.Exercise}, {answer.Mistake}";
        Assert.True(error is not null, $"{what}: the checks took it for right");
        Assert.True(error.Name == "CheckFailedException", $"{what}: {error.Name}: {error.Message}");
        Assert.Contains(answer.Says, error.Message);
    }

    /// <summary>Requires that a run with a wrong answer stops at that exercise's check.</summary>
    public static void AssertCaughtByTheRunner(string notebook, WrongAnswer answer)
    {
        var file = Load(notebook);
        var solution = File.ReadAllText(Solutions.FileOf(file.Path, answer.Exercise));
        var run = NotebookRunner.Run(file, new RunOptions
        {
            Solve = true,
            Answers = new Dictionary<string, string> { [answer.Exercise] = answer.In(solution) },
        });
        Assert.Equal((CellRole.Check, answer.Exercise), (run.Failed!.Cell.Role, run.Failed.Cell.ExerciseId));
        Assert.Contains(answer.Says, run.Failed.Result.Error!.Message);
    }

    private CellError? Mark(CellRun run, WrongAnswer answer, string solution)
    {
        run.Value(answer.In(solution));
        return Notebook.Cells.Where(cell => cell.Role == CellRole.Check && cell.ExerciseId == answer.Exercise)
            .Select(check => run.Run(check.Source).Error).FirstOrDefault(error => error is not null);
    }
}
