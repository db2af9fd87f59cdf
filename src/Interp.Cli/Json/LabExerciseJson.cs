namespace Interp.Cli.Json;

/// <summary>An exercise, in the JSON of the list.</summary>
/// <param name="Number">Its number: <c>2a.6</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Hints">How many hints there are.</param>
/// <param name="HintsShown">How many of them were shown.</param>
/// <param name="State"><c>solved</c>, <c>wrong</c>, <c>not_checked</c> or <c>not_yet</c>; null where the file cannot be read.</param>
internal sealed record LabExerciseJson(
    string Number, string Name, string Title, int Hints, int HintsShown, string? State);
