namespace Interp.Notebooks.Language;

/// <summary>What can stand at a place in a cell.</summary>
/// <param name="Start">Where the text begins that a match replaces.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Matches">The names and keywords that fit, in order.</param>
public sealed record Completion(int Start, int End, IReadOnlyList<CompletionMatch> Matches);
