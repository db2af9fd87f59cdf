namespace Interp.Cli.Json;

/// <summary>A lab, in the JSON of the list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">Which one it is: <c>2a</c>.</param>
/// <param name="Title">What it is about.</param>
/// <param name="Duration">How long it takes, in words; null where its notebook does not say.</param>
/// <param name="File">The working copy that the states are of.</param>
/// <param name="Error">Why that file cannot be read; null where it can.</param>
/// <param name="Exercises">Its exercises.</param>
internal sealed record LabJson(
    string Name, string Label, string Title, string? Duration, string File, string? Error, LabExerciseJson[]
    Exercises);
