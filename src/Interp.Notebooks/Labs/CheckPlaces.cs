using System.Globalization;
using System.Text.RegularExpressions;
using Interp.Notebooks.Engine;
using Interp.Notebooks.Exercises;
using Interp.Notebooks.Files;

namespace Interp.Notebooks.Labs;

/// <summary>Which cell of the engine is which part of the working copy, so that errors name the reader's own lines.</summary>
internal sealed partial class CheckPlaces
{
    private readonly Dictionary<int, LabSection?> _sections = [];

    /// <param name="cell">A cell, as the engine counts it.</param>
    /// <param name="section">The section that it runs; null for a check or a solution.</param>
    public void Add(int cell, LabSection? section) => _sections[cell] = section;

    /// <summary>Where an error is in the working copy; where only the check saw it, at the answer's first line.</summary>
    public (string Text, int Line, int? Cell) Find(CellError? error, LabSection answer)
    {
        if (error is { Cell: { } cell, Line: { } line } && _sections.GetValueOrDefault(cell) is { } section)
            return (section.Place(line), line, section.Cell);
        return (answer.Place(answer.Line), answer.Line, answer.Cell);
    }

    /// <summary>What a reader is told, in lines.</summary>
    public string Message(CellError error, TimeSpan limit) => error.Name switch
    {
        nameof(NotSolvedException) or nameof(CheckFailedException) => error.Message,
        NotebookRunner.Timeout => $"it took longer than {limit.TotalSeconds:0.#} s and was interrupted: does a loop not end?",
        "CompilationError" when error.Cell is { } cell && _sections.GetValueOrDefault(cell) is null =>
            $"the check cannot use this answer: {error.Message}; keep the names and parameters that the exercise gives",
        _ => string.Join('\n', error.Traceback.Select(Translate)),
    };

    private string Translate(string line) => CellLine().Replace(line, match =>
    {
        var (cell, at) = (Number(match.Groups[1]), Number(match.Groups[2]));
        return _sections.GetValueOrDefault(cell) is { } section ? section.Place(at) : $"the check, line {at}";
    });

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"cell\[(\d+)\], line (\d+)")]
    private static partial Regex CellLine();
}
