namespace Interp.Notebooks.Labs;

/// <summary>One hint of an exercise; they go from a nudge to nearly the answer.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Text">What it says, in Markdown.</param>
public sealed record LabHint(string Title, string Text);
