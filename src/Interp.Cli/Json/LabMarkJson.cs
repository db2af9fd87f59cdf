namespace Interp.Cli.Json;

/// <summary>The mark of an answer.</summary>
/// <param name="Number">The number of the exercise.</param>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Status"><c>passed</c>, <c>failed</c> or <c>not_solved</c>.</param>
/// <param name="Message">What was expected, what came, where to look; empty where it passed.</param>
/// <param name="Place">Where in the working copy, for a reader.</param>
/// <param name="Line">That line, in the file or in the cell.</param>
/// <param name="Cell">The cell of a notebook, from 1; null in a C# file.</param>
/// <param name="Output">What answer and checks printed.</param>
/// <param name="SolutionStandsIn">Whether the solution was put in its place.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record LabMarkJson(
    string Number, string Name, string Title, string Status, string Message, string Place, int Line, int? Cell,
    string Output, bool SolutionStandsIn, double Seconds);
