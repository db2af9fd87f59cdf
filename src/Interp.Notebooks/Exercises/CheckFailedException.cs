namespace Interp.Notebooks.Exercises;

/// <summary>A check that an answer did not pass: what was expected, what came, where to look.</summary>
/// <param name="message">All of it, in lines.</param>
public sealed class CheckFailedException(string message) : NotebookException(message);
