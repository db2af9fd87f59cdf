using Interp.Cli.Output;
using Interp.Notebooks.Labs;

namespace Interp.Cli.Labs;

/// <summary>Marks on the terminal, each as soon as it is known.</summary>
internal sealed class LabMarks(WorkingCopy copy, LabCheckOptions options, CliConsole console) : IProgress<ExerciseMark>
{
    /// <inheritdoc/>
    public void Report(ExerciseMark mark)
    {
        if (options.Only is { } only && mark.Exercise != only)
        {
            if (mark.SolutionStandsIn) console.Note($"{mark.Exercise} is not right yet: its solution stands in");
            return;
        }
        var sign = mark.Status switch { MarkStatus.Passed => "✓", MarkStatus.Failed => "✗", _ => "·" };
        console.Line($"{sign} {mark.Exercise}{(mark.Status == MarkStatus.Passed ? "" : $"  {mark.Place}")}");
        foreach (var line in Lines(mark.Output).Concat(Lines(mark.Message))) console.Line($"    {line}");
        if (mark.Status == MarkStatus.Passed) return;
        var hints = copy.Lab.Find(mark.Exercise.Id)!.Hints.Count;
        if (hints > 0) console.Line($"    interp lab hint {mark.Exercise.Number}");
        if (mark.SolutionStandsIn) console.Line("    (its solution stands in for the exercises below)");
    }

    /// <summary>Says on stderr what came of it.</summary>
    public static void Summarize(LabReport report, LabCheckOptions options, CliConsole console)
    {
        console.Flush();
        foreach (var error in report.Ignored)
            console.Warn($"{error.Place}: the section '{error.Section.Name}', which the lab does not have, failed and was left out: {error.Message.Split('\n')[0]}");
        if (Error(report) is { } broken) console.Error(broken);
        if (options.Only is not null) return;
        var count = report.Copy.Lab.Exercises.Count;
        console.Note($"{report.Copy.Path}: {report.Passed} of {count} right in {report.Elapsed.TotalSeconds:0.0} s"
            + (report.Broken is null && report.Marks.Count < count ? "; --keep-going marks the others too" : ""));
    }

    /// <summary>What is wrong outside of the exercises, in one text; null where nothing is.</summary>
    public static string? Error(LabReport report) => report.Broken is not { } broken ? null
        : $"{broken.Place}: the section '{broken.Section.Name}', which belongs to the lab, failed:\n{broken.Message}";

    /// <summary>Whether every answer that was asked for passed, and the lab's own code ran.</summary>
    public static bool AllRight(LabReport report, LabCheckOptions options) => report.Broken is null
        && (options.Only is { } only ? report.Marks.Any(mark => mark.Exercise == only && mark.Status == MarkStatus.Passed)
            : report.Passed == report.Copy.Lab.Exercises.Count);

    /// <summary>A mark's name in JSON.</summary>
    public static string Name(MarkStatus status) => status switch
    {
        MarkStatus.Passed => "passed",
        MarkStatus.Failed => "failed",
        _ => "not_solved",
    };

    private static IEnumerable<string> Lines(string text) =>
        text.Length == 0 ? [] : text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
