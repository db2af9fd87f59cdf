namespace Interp.Studies.Stories.Grammar;

/// <summary>A place in a story where the grammar knows what may follow.</summary>
/// <param name="Behaviour">What it takes to know.</param>
/// <param name="Start">Where the answer begins in the text, with its leading space.</param>
/// <param name="Answers">All answers that are right, with their leading space; the text goes on with one of them.</param>
public sealed record StoryMark(StoryBehaviour Behaviour, int Start, IReadOnlyList<string> Answers);
