using System.CommandLine;
using Interp.Cli.Help;
using Interp.Notebooks.Labs;

namespace Interp.Cli.Labs;

/// <summary>What a command is about: a lab, an exercise of one, a file.</summary>
/// <param name="Lab">The lab; null for all, or where a file says it.</param>
/// <param name="Exercise">The exercise; null for the whole lab.</param>
/// <param name="File">The working copy that was named; null for the one in the folder.</param>
internal sealed record LabTarget(Lab? Lab, LabExercise? Exercise, string? File)
{
    private static readonly string[] Extensions = [".cs", ".ipynb"];

    /// <summary>Understands <c>transformer</c>, <c>2a</c>, <c>2a.6</c>, <c>transformer.pattern</c>, <c>pattern</c> and paths.</summary>
    /// <param name="first">The first argument; null for all labs.</param>
    /// <param name="second">The second one: an exercise of the lab that the first names; null where there is none.</param>
    /// <param name="labs">The labs.</param>
    public static LabTarget Parse(string? first, string? second, IReadOnlyList<Lab> labs)
    {
        if (first is null) return new LabTarget(null, null, null);
        if (Extensions.Contains(Path.GetExtension(first)))
        {
            var lab = LabFiles.Load(first, labs).Lab;
            return new LabTarget(lab, second is null ? null : ExerciseOf(lab, second), first);
        }
        if (Find(first, labs) is { } named) return new LabTarget(named, second is null ? null : ExerciseOf(named, second), null);
        if (second is not null) throw Unknown("lab", first, labs.SelectMany(lab => new[] { lab.Name, lab.Label }), Names(labs));
        return first.Split('.', 2) is [var before, var after] && Find(before, labs) is { } its
            ? new LabTarget(its, ExerciseOf(its, after), null) : OfName(first, labs);
    }

    /// <summary>The arguments <c>LAB</c> and <c>EXERCISE</c>.</summary>
    /// <param name="otherwise">What is meant where nothing is given.</param>
    public static (Argument<string?> Lab, Argument<string?> Exercise) Arguments(string otherwise = "") =>
        (new Argument<string?>("LAB")
        {
            Description = "A lab (transformer or 2a), an exercise (2a.6 or pattern), or the file that you work in" + otherwise,
            Arity = ArgumentArity.ZeroOrOne,
        }, new Argument<string?>("EXERCISE")
        {
            Description = "An exercise of that lab: its number or its name",
            Arity = ArgumentArity.ZeroOrOne,
        });

    /// <summary>The exercise and the file that it is solved in, for commands that are about one.</summary>
    public (LabExercise Exercise, string File) RequireExercise(string folder, string command) => Lab is null || Exercise is null
        ? throw UserErrorException.Usage($"name an exercise, such as 'interp lab {command} {Lab?.Exercises[0].Number ?? "2a.1"}'; "
            + "'interp lab' lists them")
        : (Exercise, File ?? LabFiles.PathOf(Lab, folder));

    private static LabTarget OfName(string name, IReadOnlyList<Lab> labs)
    {
        var known = labs.SelectMany(lab => lab.Exercises, (lab, exercise) => new LabTarget(lab, exercise, null)).ToArray();
        var found = known.Where(target => target.Exercise!.Id == name).ToArray();
        if (found.Length == 1) return found[0];
        if (found.Length > 1)
            throw UserErrorException.Usage($"'{name}' is an exercise of several labs; write "
                + string.Join(" or ", found.Select(target => target.Exercise!.Number)));
        throw Unknown("lab or exercise", name,
            [.. labs.SelectMany(lab => new[] { lab.Name, lab.Label }), .. known.SelectMany(target => new[] { target.Exercise!.Id, target.Exercise.Number })],
            Names(labs));
    }

    /// <summary>A lab by its name or its label; null if there is none.</summary>
    private static Lab? Find(string name, IReadOnlyList<Lab> labs) =>
        labs.FirstOrDefault(lab => lab.Name == name || lab.Label == name);

    private static LabExercise ExerciseOf(Lab lab, string name) => lab.Find(name) ?? throw Unknown(
        $"exercise of {lab.Name}", name, lab.Exercises.SelectMany(exercise => new[] { exercise.Id, exercise.Number }),
        $"they are {lab.Exercises[0].Number} to {lab.Exercises[^1].Number}; 'interp lab' lists them");

    private static UserErrorException Unknown(string kind, string name, IEnumerable<string> known, string otherwise) =>
        UserErrorException.Usage(Suggestions.Nearest(name, known) is { } nearest
            ? $"unknown {kind} '{name}'; did you mean '{nearest}'?" : $"unknown {kind} '{name}'; {otherwise}");

    private static string Names(IReadOnlyList<Lab> labs) =>
        $"the labs are {string.Join(", ", labs.Select(lab => $"{lab.Name} ({lab.Label})"))}; 'interp lab' lists their exercises";
}
