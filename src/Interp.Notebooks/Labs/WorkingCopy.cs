using Interp.Notebooks.Files;

namespace Interp.Notebooks.Labs;

/// <summary>
/// The file in which somebody solves a lab: a C# file that <see cref="LabSource"/> wrote, or the notebook itself.
/// </summary>
public sealed class WorkingCopy
{
    internal WorkingCopy(string path, Lab lab, IReadOnlyList<LabSection> sections) =>
        (Path, Lab, Sections) = (path, lab, sections);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The lab that it belongs to.</summary>
    public Lab Lab { get; }

    /// <summary>Its parts, in the order in which they are run.</summary>
    public IReadOnlyList<LabSection> Sections { get; }

    /// <summary>Reads a working copy.</summary>
    /// <param name="path">A C# file or a notebook.</param>
    /// <param name="labs">The labs that it may belong to.</param>
    /// <exception cref="LabFormatException">It belongs to none of them, or a part is missing or stands twice.</exception>
    /// <exception cref="NotebookFormatException">It is called <c>.ipynb</c> and is no notebook.</exception>
    public static WorkingCopy Load(string path, IReadOnlyList<Lab> labs)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(labs);
        var copy = System.IO.Path.GetExtension(path) switch
        {
            ".ipynb" => NotebookCopy.Read(path, labs),
            ".cs" => SourceCopy.Read(path, labs),
            _ => throw new LabFormatException($"{path}: a lab is solved in a C# file (.cs) or in a notebook (.ipynb)"),
        };
        copy.RequireEveryExerciseOnce();
        return copy;
    }

    /// <summary>The answer to an exercise, as it stands.</summary>
    public LabSection Answer(LabExercise exercise) => Sections.Single(section => section.Exercise == exercise);

    private void RequireEveryExerciseOnce()
    {
        foreach (var exercise in Lab.Exercises)
        {
            var answers = Sections.Where(section => section.Exercise == exercise).ToArray();
            if (answers.Length == 0) throw Missing(exercise);
            if (answers.Length > 1)
                throw new LabFormatException($"{Path}: {exercise} stands there twice, at {answers[0].Place(answers[0].Line)} and "
                    + $"{answers[1].Place(answers[1].Line)}; remove one of them");
        }
    }

    private LabFormatException Missing(LabExercise exercise) => new(Path.EndsWith(".cs", StringComparison.Ordinal)
        ? SourceCopy.Missing(Path, Lab, $"//%% {exercise}")
        : $"{Path}: the cell of {exercise} is missing: it was deleted, or its metadata (role exercise, id {exercise.Id}) "
            + $"were; copy it back from {Lab.Notebook.Path}");
}
