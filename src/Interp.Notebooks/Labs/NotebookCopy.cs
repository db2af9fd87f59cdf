using Interp.Notebooks.Files;

namespace Interp.Notebooks.Labs;

/// <summary>Reads a notebook as a working copy: its cells run as they stand, except that the checks are the lab's.</summary>
internal static class NotebookCopy
{
    public static WorkingCopy Read(string path, IReadOnlyList<Lab> labs)
    {
        var notebook = NotebookFile.Load(path);
        var lab = LabOf(notebook, labs);
        var given = lab.Notebook.Cells.Where(cell => cell.Role == CellRole.None).Select(cell => cell.Id).ToHashSet();
        return new WorkingCopy(path, lab,
            [.. notebook.Cells.Select((cell, i) => (cell, i)).Where(x => IsRun(x.cell)).Select(x => Section(x.cell, x.i))]);

        LabSection Section(NotebookCell cell, int index) => cell.Role == CellRole.Exercise
            ? Answer(cell, index)
            : new LabSection(given.Contains(cell.Id) ? LabSectionKind.Given : LabSectionKind.Own, $"cell {index + 1}",
                cell.Source, path, index + 1);

        LabSection Answer(NotebookCell cell, int index)
        {
            var exercise = lab.Find(cell.ExerciseId) ?? throw new LabFormatException(
                $"{path}: cell {index + 1} is marked as exercise '{cell.ExerciseId}', which the lab {lab.Name} does not have");
            return new LabSection(LabSectionKind.Exercise, exercise.ToString(), cell.Source, path, index + 1, exercise);
        }
    }

    private static bool IsRun(NotebookCell cell) => cell.Kind == CellKind.Code && cell.Role != CellRole.Check;

    private static Lab LabOf(NotebookFile notebook, IReadOnlyList<Lab> labs)
    {
        var ids = Solutions.Exercises(notebook);
        var lab = labs.MaxBy(lab => lab.Exercises.Count(exercise => ids.Contains(exercise.Id)));
        return lab?.Exercises.Any(exercise => ids.Contains(exercise.Id)) == true ? lab : throw new LabFormatException(
            $"{notebook.Path}: no cell of it is marked as an exercise of {string.Join(", ", labs.Select(known => known.Name))}");
    }
}
