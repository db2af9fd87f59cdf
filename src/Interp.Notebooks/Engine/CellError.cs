namespace Interp.Notebooks.Engine;

/// <summary>An error as a notebook shows it.</summary>
/// <param name="Name">Its kind: <c>CompilationError</c>, <c>Interrupted</c> or the name of the exception.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Traceback">Lines for the reader: the message, and where in the cells it happened.</param>
/// <param name="Cell">The cell in which it happened, as counted by the engine; null where that is unknown.</param>
/// <param name="Line">The line of that cell, from 1; null where that is unknown.</param>
public sealed record CellError(
    string Name, string Message, IReadOnlyList<string> Traceback, int? Cell = null, int? Line = null);
