namespace Interp.Notebooks.Language;

/// <summary>One thing that can stand at a place.</summary>
/// <param name="Text">The name.</param>
/// <param name="Kind">What it is: <c>method</c>, <c>property</c>, <c>class</c>, <c>keyword</c> …</param>
/// <param name="Signature">Its declaration in short.</param>
public sealed record CompletionMatch(string Text, string Kind, string Signature);
