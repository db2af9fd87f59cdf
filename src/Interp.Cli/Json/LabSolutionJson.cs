namespace Interp.Cli.Json;

/// <summary>What <c>lab solution --json</c> prints.</summary>
/// <param name="Number">The number of the exercise.</param>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Code">The whole code, completed.</param>
internal sealed record LabSolutionJson(string Number, string Name, string Title, string Code);
