using System.Text.RegularExpressions;

namespace Interp.Notebooks.Labs;

/// <summary>Reads a C# file as a working copy: sections between lines that begin with <c>//%%</c>.</summary>
internal static partial class SourceCopy
{
    private const long MostBytes = 16 << 20;

    public static WorkingCopy Read(string path, IReadOnlyList<Lab> labs)
    {
        if (new FileInfo(path).Length > MostBytes)
            throw new LabFormatException($"{path}: more than {MostBytes >> 20} MiB are no lab that somebody wrote");
        var lines = File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n');
        var marks = Enumerable.Range(0, lines.Length).Where(i => Marker().IsMatch(lines[i])).ToArray();
        var titles = marks.Select(i => Marker().Match(lines[i]).Groups[1].Value).ToArray();
        var lab = LabOf(path, titles, labs);
        var sections = new List<LabSection>
        {
            new(LabSectionKind.Given, "the top of the file", Cut(lines, 0, marks[0]), path),
        };
        for (var k = 0; k < marks.Length; k++)
        {
            var source = Cut(lines, marks[k], k + 1 < marks.Length ? marks[k + 1] : lines.Length);
            sections.Add(Section(path, lab, titles[k], marks[k] + 1, source));
        }
        RequireWhatIsGiven(path, lab, sections);
        // In a C# program types stand at the end; in cells what uses them comes later.
        return new WorkingCopy(path, lab, [.. sections.OrderBy(section => section.Name != LabSource.Types && section != sections[0])]);
    }

    /// <summary>What to say of a section that is not there.</summary>
    public static string Missing(string path, Lab lab, string marker) =>
        $"{path}: the section '{marker}' is missing: it was deleted, or its first line was changed; "
        + $"'interp lab start {lab.Name} --to FOLDER' writes a fresh file to copy it from";

    private static LabSection Section(string path, Lab lab, string title, int line, string source)
    {
        var name = title.Split(' ')[0];
        if (lab.Exercises.FirstOrDefault(exercise => exercise.Number == name) is { } exercise)
            return new LabSection(LabSectionKind.Exercise, exercise.ToString(), source, path, Exercise: exercise);
        if (Number().IsMatch(name))
            throw new LabFormatException($"{path}:{line}: '{name}' is no exercise of {lab.Name}, which has "
                + $"{lab.Exercises[0].Number} to {lab.Exercises[^1].Number}");
        return new LabSection(name.StartsWith("given-", StringComparison.Ordinal) ? LabSectionKind.Given : LabSectionKind.Own,
            name.Length > 0 ? name : $"of line {line}", source, path);
    }

    private static Lab LabOf(string path, string[] titles, IReadOnlyList<Lab> labs) =>
        labs.FirstOrDefault(lab => titles.Any(title => title.StartsWith(lab.Label + ".", StringComparison.Ordinal)))
        ?? throw new LabFormatException($"{path}: no section of a lab is in it, such as '//%% {labs[0].Exercises[0]}'; "
            + "'interp lab start LAB' writes a file that has them");

    private static void RequireWhatIsGiven(string path, Lab lab, List<LabSection> sections)
    {
        foreach (var name in LabSource.GivenSections(lab))
            if (sections.All(section => section.Name != name)) throw new LabFormatException(Missing(path, lab, $"//%% {name}"));
    }

    /// <summary>Some lines, behind as many empty ones as stand above them; directives of a project mean nothing here.</summary>
    private static string Cut(string[] lines, int start, int end) => new string('\n', start) + string.Join('\n',
        lines[start..end].Select(line => line.StartsWith("#:", StringComparison.Ordinal) || line.StartsWith("#!", StringComparison.Ordinal) ? "" : line));

    [GeneratedRegex(@"^\s*//\s*%%\s*(.*?)\s*$")]
    private static partial Regex Marker();

    [GeneratedRegex(@"^\d+\w*\.\d+$")]
    private static partial Regex Number();
}
