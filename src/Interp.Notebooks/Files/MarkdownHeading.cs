namespace Interp.Notebooks.Files;

/// <summary>A heading of a text in Markdown.</summary>
/// <param name="Level">From 1, the largest, to 6.</param>
/// <param name="Text">Its words, without marks of emphasis or code.</param>
public sealed record MarkdownHeading(int Level, string Text);
