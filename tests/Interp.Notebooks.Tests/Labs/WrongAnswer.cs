namespace Interp.Notebooks.Tests.Labs;

/// <summary>A typical wrong answer: the solution of an exercise with one thing changed.</summary>
/// <param name="Exercise">The exercise.</param>
/// <param name="Mistake">What is wrong, in a few words; unique in its notebook.</param>
/// <param name="From">What stands in the solution, at every place where it stands there.</param>
/// <param name="To">What stands there instead.</param>
/// <param name="Says">What the check must say to it.</param>
public sealed record WrongAnswer(string Exercise, string Mistake, string From, string To, string Says)
{
    /// <summary>The text of the cell.</summary>
    public string In(string solution)
    {
        Assert.Contains(From, solution);
        return solution.Replace(From, To);
    }
}
