namespace Interp.Notebooks.Files;

/// <summary>A file that is no notebook; the message names the file, the place and what was expected.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="inner">What the parser said.</param>
public sealed class NotebookFormatException(string message, Exception? inner = null) : Exception(message, inner);
