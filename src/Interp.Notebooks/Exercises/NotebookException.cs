namespace Interp.Notebooks.Exercises;

/// <summary>An error whose message says all that its reader needs: no stack is shown with it.</summary>
/// <param name="message">What is wrong and what to do.</param>
public abstract class NotebookException(string message) : Exception(message);
