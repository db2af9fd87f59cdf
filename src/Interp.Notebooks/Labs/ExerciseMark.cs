namespace Interp.Notebooks.Labs;

/// <summary>What came of marking one answer.</summary>
/// <param name="Exercise">The exercise.</param>
/// <param name="Status">How it went.</param>
/// <param name="Message">What was expected, what came and where to look, in lines; empty where it passed.</param>
/// <param name="Place">Where in the working copy: <c>lab/transformer.cs:57</c>.</param>
/// <param name="Line">The line of that place, in the file or in the cell.</param>
/// <param name="Cell">In a notebook the cell of that place among all cells, from 1; null in a C# file.</param>
/// <param name="Output">What the answer and its checks printed.</param>
/// <param name="SolutionStandsIn">Whether the solution was put in its place, so that later ones could be marked.</param>
/// <param name="Elapsed">The time of answer and checks.</param>
public sealed record ExerciseMark(
    LabExercise Exercise, MarkStatus Status, string Message, string Place, int Line, int? Cell, string Output,
    bool SolutionStandsIn, TimeSpan Elapsed);
