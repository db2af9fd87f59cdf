namespace Interp.Notebooks.Files;

/// <summary>
/// The solutions of a notebook's exercises. They stand outside the notebook, so that nobody reads them by accident: for
/// <c>lab/attention.ipynb</c> and the exercise <c>scores</c> in <c>lab/solutions/attention/scores.csx</c>, which holds
/// the whole text of the solved cell.
/// </summary>
public static class Solutions
{
    /// <summary>The file of an exercise's solution.</summary>
    /// <param name="notebook">The path of the notebook.</param>
    /// <param name="exercise">The name of the exercise.</param>
    public static string FileOf(string notebook, string exercise) => Path.Combine(
        Path.GetDirectoryName(Path.GetFullPath(notebook))!, "solutions", Path.GetFileNameWithoutExtension(notebook),
        exercise + ".csx");

    /// <summary>The names of the exercises of a notebook, in order.</summary>
    public static IReadOnlyList<string> Exercises(NotebookFile notebook) =>
        [.. notebook.Cells.Where(cell => cell.Role == CellRole.Exercise).Select(cell => cell.ExerciseId)];

    /// <summary>The text that a cell is run with.</summary>
    /// <exception cref="FileNotFoundException">The exercise has no solution.</exception>
    internal static string SourceOf(NotebookCell cell, NotebookFile notebook, RunOptions options)
    {
        if (cell.Role != CellRole.Exercise) return cell.Source;
        if (options.Answers.TryGetValue(cell.ExerciseId, out var answer)) return answer;
        if (!options.Solve) return cell.Source;
        if (cell.ExerciseId.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || cell.ExerciseId[0] == '.')
            throw new NotebookFormatException($"{notebook.Path}: '{cell.ExerciseId}' names no file; name exercises like 'attention-scores'");
        var file = FileOf(notebook.Path, cell.ExerciseId);
        return File.Exists(file) ? File.ReadAllText(file).TrimEnd() : throw new FileNotFoundException(
            $"the exercise '{cell.ExerciseId}' of {notebook.Path} has no solution: expected it in {file}", file);
    }
}
