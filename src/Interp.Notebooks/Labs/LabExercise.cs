namespace Interp.Notebooks.Labs;

/// <summary>An exercise of a lab, as its notebook has it.</summary>
/// <param name="Number">The lab's label and the exercise's number in it: <c>2a.6</c>.</param>
/// <param name="Id">Its name in the notebook, unique there: <c>pattern</c>.</param>
/// <param name="Title">The heading above it.</param>
/// <param name="Source">The code to complete, with <c>todo("…")</c> in the gap.</param>
/// <param name="Hints">Its hints, in order.</param>
/// <param name="Checks">The code of its checks, in order.</param>
/// <param name="SolutionFile">The file of its solution.</param>
public sealed record LabExercise(
    string Number, string Id, string Title, string Source, IReadOnlyList<LabHint> Hints, IReadOnlyList<string> Checks,
    string SolutionFile)
{
    /// <summary>The solution: the whole text of the completed code.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public string Solution => File.ReadAllText(SolutionFile);

    /// <summary>Number and title: <c>2a.6 The causal mask and the pattern</c>.</summary>
    public override string ToString() => $"{Number} {Title}";
}
