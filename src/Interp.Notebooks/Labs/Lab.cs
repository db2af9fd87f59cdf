using System.Text.RegularExpressions;
using Interp.Notebooks.Files;

namespace Interp.Notebooks.Labs;

/// <summary>A notebook with exercises, seen as a list of them: what the command line marks without Jupyter.</summary>
/// <example><code>
/// var lab = Lab.Load("notebooks/lab2/transformer.ipynb");
/// File.WriteAllText("transformer.cs", LabSource.Write(lab, "src/Interp.Notebooks/Interp.Notebooks.csproj"));
/// var report = LabChecker.Run(WorkingCopy.Load("transformer.cs", [lab]));
/// foreach (var mark in report.Marks) Console.WriteLine($"{mark.Exercise}: {mark.Status}");
/// </code></example>
public sealed partial class Lab
{
    private Lab(NotebookFile notebook, string label, string title)
    {
        (Notebook, Label, Title) = (notebook, label, title);
        Exercises = Read(notebook, label);
    }

    /// <summary>The notebook.</summary>
    public NotebookFile Notebook { get; }

    /// <summary>The name of the notebook's file: <c>transformer</c>.</summary>
    public string Name => Path.GetFileNameWithoutExtension(Notebook.Path);

    /// <summary>Which lab it is, as its title says it: <c>2a</c>; its name where the title says nothing.</summary>
    public string Label { get; }

    /// <summary>What it is about.</summary>
    public string Title { get; }

    /// <summary>How long it takes, in the words of its first cell (<c>about an hour</c>); null where that says nothing.</summary>
    public string? Duration => Notebook.Cells.Count > 0 && TimeItTakes().Match(Notebook.Cells[0].Source) is { Success: true } match
        ? match.Value : null;

    /// <summary>Its exercises, in order.</summary>
    public IReadOnlyList<LabExercise> Exercises { get; }

    /// <summary>Reads a lab.</summary>
    /// <param name="path">The notebook as it ships.</param>
    /// <exception cref="NotebookFormatException">The file is no notebook.</exception>
    public static Lab Load(string path)
    {
        var notebook = NotebookFile.Load(path);
        return LabTitle().Match(notebook.Title) is { Success: true } match
            ? new Lab(notebook, match.Groups[1].Value, match.Groups[2].Value)
            : new Lab(notebook, Path.GetFileNameWithoutExtension(path), notebook.Title);
    }

    /// <summary>Every notebook of a folder that has exercises, by label.</summary>
    public static IReadOnlyList<Lab> All(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.ipynb").Select(Load).Where(lab => lab.Exercises.Count > 0)
            .OrderBy(lab => lab.Label, StringComparer.Ordinal)];

    /// <summary>An exercise by its number (<c>6</c> or <c>2a.6</c>) or its name (<c>pattern</c>); null if there is none.</summary>
    public LabExercise? Find(string exercise) => Exercises.FirstOrDefault(
        known => known.Id == exercise || known.Number == exercise || known.Number == $"{Label}.{exercise}");

    private static List<LabExercise> Read(NotebookFile notebook, string label)
    {
        var exercises = new List<LabExercise>();
        var title = "";
        foreach (var cell in notebook.Cells)
        {
            if (cell.Kind == CellKind.Markdown && Section().Matches(cell.Source) is [.., { } last])
                title = last.Groups[1].Value.TrimEnd();
            if (cell.Role != CellRole.Exercise) continue;
            var its = notebook.Cells.Where(other => other.ExerciseId == cell.ExerciseId).ToArray();
            exercises.Add(new LabExercise($"{label}.{exercises.Count + 1}", cell.ExerciseId,
                title.Length > 0 ? title : cell.ExerciseId, cell.Source,
                [.. its.Where(other => other.Role == CellRole.Hint).SelectMany(other => Hints(other.Source))],
                [.. its.Where(other => other.Role == CellRole.Check).Select(other => other.Source)],
                Solutions.FileOf(notebook.Path, cell.ExerciseId)));
        }
        return exercises;
    }

    private static IEnumerable<LabHint> Hints(string markdown) => Details().Matches(markdown)
        .Select(match => new LabHint(HintTitle().Replace(match.Groups[1].Value.Trim(), ""), match.Groups[2].Value.Trim()));

    [GeneratedRegex(@"^Lab (\w+): (.+)$")]
    private static partial Regex LabTitle();

    [GeneratedRegex(@"\babout (an?|\d+|[a-z]+) (hours?|minutes?)\b")]
    private static partial Regex TimeItTakes();

    [GeneratedRegex(@"^## (?:\d+\. )?(.+)$", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"<details[^>]*>\s*<summary[^>]*>(.*?)</summary>(.*?)</details>", RegexOptions.Singleline)]
    private static partial Regex Details();

    [GeneratedRegex(@"^Hint:\s*")]
    private static partial Regex HintTitle();
}
