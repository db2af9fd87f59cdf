using System.Diagnostics;
using System.Text.RegularExpressions;
using Interp.Notebooks.Exercises;
using Interp.Tensors;
using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Engine;

/// <summary>Writes errors for readers of a notebook: the message, then where in the cells it happened.</summary>
internal static partial class ErrorText
{
    private const int MostErrors = 8;

    /// <summary>The errors of a cell that did not compile, each with its line.</summary>
    public static CellError Of(CompilationException exception, string code)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        var text = new List<string>();
        foreach (var error in exception.Errors.Take(MostErrors)) Describe(error, lines, text);
        if (exception.Errors.Length > MostErrors) text.Add($"… and {exception.Errors.Length - MostErrors} more");
        var place = exception.Errors[0].Location.GetMappedLineSpan();
        var inCell = place.Path == SubmissionCompiler.FileName(exception.Cell);
        return new CellError("CompilationError", exception.Errors[0].GetMessage(), text, exception.Cell,
            inCell ? place.StartLinePosition.Line + 1 : null);
    }

    /// <summary>An exception of a running cell.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="source">The code of a cell, or null where it is not known.</param>
    public static CellError Of(Exception exception, Func<int, string?> source)
    {
        while (exception is System.Reflection.TargetInvocationException or AggregateException { InnerExceptions.Count: 1 })
            exception = exception.InnerException!;
        var frames = Frames(exception);
        // The message of a check says all; the name of a type in front of it helps nobody.
        var text = new List<string>
        {
            exception is NotebookException ? Sentence(exception.Message) : $"{Name(exception)}: {TorchMessage.Of(exception)}",
        };
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
            text.Add($"  because of {Name(inner)}: {TorchMessage.Of(inner)}");
        if (exception is not NotebookException)
            foreach (var (cell, line) in frames) text.Add(Place(cell, line, source(cell)));
        return new CellError(Name(exception), TorchMessage.Of(exception), text,
            frames.Count > 0 ? frames[0].Cell : null, frames.Count > 0 ? frames[0].Line : null);
    }

    /// <summary>A cell that was interrupted.</summary>
    public static CellError Interrupted() => new("Interrupted", "the cell was interrupted",
        ["Interrupted: the cell was interrupted; what it had assigned before is kept"]);

    private static void Describe(Diagnostic error, string[] lines, List<string> text)
    {
        var place = error.Location.GetMappedLineSpan();
        var (line, column) = (place.StartLinePosition.Line, place.StartLinePosition.Character);
        text.Add($"{place.Path}, line {line + 1}: {error.GetMessage()} ({error.Id})");
        if (line >= lines.Length || !place.Path.StartsWith("cell[", StringComparison.Ordinal)) return;
        text.Add($"    {lines[line]}");
        if (column <= lines[line].Length) text.Add($"    {new string(' ', column)}^");
    }

    private static string Sentence(string message) => char.ToUpperInvariant(message[0]) + message[1..];

    private static string Name(Exception exception) => exception.GetType().Name;

    private static string Place(int cell, int line, string? code)
    {
        var lines = code?.ReplaceLineEndings("\n").Split('\n') ?? [];
        var shown = line >= 1 && line <= lines.Length ? $": {lines[line - 1].Trim()}" : "";
        return $"  at cell[{cell}], line {line}{shown}";
    }

    /// <summary>The places in cells on the stack, the innermost first.</summary>
    private static List<(int Cell, int Line)> Frames(Exception exception) =>
        [.. new StackTrace(exception, fNeedFileInfo: true).GetFrames()
            .Select(frame => (Match: CellFile().Match(frame.GetFileName() ?? ""), Line: frame.GetFileLineNumber()))
            .Where(frame => frame.Match.Success && frame.Line > 0)
            .Select(frame => (int.Parse(frame.Match.Groups[1].Value), frame.Line))
            .Distinct()];

    [GeneratedRegex(@"cell\[(\d+)\]$")]
    private static partial Regex CellFile();
}
