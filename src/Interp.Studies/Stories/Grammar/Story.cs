namespace Interp.Studies.Stories.Grammar;

/// <summary>A story that a grammar wrote.</summary>
/// <param name="Text">One scene a line.</param>
/// <param name="LogProbability">
/// ln p(text), exact: the sum over all choices. It includes that the story ends where it ends.
/// </param>
/// <param name="Marks">Where it can be said what is right, in the order of the text.</param>
public sealed record Story(string Text, double LogProbability, IReadOnlyList<StoryMark> Marks);
