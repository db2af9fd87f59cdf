using Interp.Notebooks.Exercises;
using Interp.Notebooks.Files;

namespace Interp.Notebooks.Tests.Files;

/// <summary>Runs every notebook of the repository, as a reader runs it.</summary>
public sealed class AllNotebooksTests
{
    private static readonly string Folder = Repository.Path("notebooks");

    public static TheoryData<string> All =>
        [.. Directory.EnumerateFiles(Folder, "*.ipynb", SearchOption.AllDirectories)
            .Where(path => !path.Contains(".ipynb_checkpoints"))
            .Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_notebook_runs_from_top_to_bottom(string name)
    {
        var run = NotebookRunner.Run(Load(name), new RunOptions { Solve = true });
        Assert.True(run.Succeeded, $"{name}, cell {run.Failed?.Cell.ExecutionCount}:\n"
            + string.Join('\n', run.Failed?.Result.Error?.Traceback ?? []));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_notebook_with_exercises_stops_at_the_first_unsolved_one_with_its_hint(string name)
    {
        var notebook = Load(name);
        var exercises = Solutions.Exercises(notebook);
        if (exercises.Count == 0) return;
        var run = NotebookRunner.Run(notebook);
        Assert.NotNull(run.Failed);
        Assert.Equal(nameof(NotSolvedException), run.Failed.Result.Error!.Name);
        Assert.Equal(exercises[0], run.Failed.Cell.ExerciseId);
        Assert.Contains("Hint: ", run.Failed.Result.Error.Message);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_notebook_is_committed_without_outputs_and_names_the_kernel(string name)
    {
        var notebook = Load(name);
        var text = File.ReadAllText(notebook.Path);
        Assert.All(notebook.Cells, cell => Assert.Empty(cell.Outputs));
        Assert.DoesNotContain("\"execution_count\": 1", text);
        Assert.Contains("\"interp-csharp\"", text);
        Assert.StartsWith("# ", notebook.Cells[0].Source);
        var ids = Solutions.Exercises(notebook);
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(notebook.Cells.Where(cell => cell.Role is CellRole.Check or CellRole.Hint),
            cell => Assert.Contains(cell.ExerciseId, ids));
    }

    private static NotebookFile Load(string name) => NotebookFile.Load(Path.Combine(Folder, name));
}
