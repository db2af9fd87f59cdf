namespace Interp.Cli.Json;

/// <summary>What <c>lab hint --json</c> prints.</summary>
/// <param name="Number">The number of the exercise.</param>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Count">How many hints there are.</param>
/// <param name="Hints">Those that are unfolded.</param>
internal sealed record LabHintsJson(string Number, string Name, string Title, int Count, LabHintJson[] Hints);
