namespace Interp.Notebooks.Tests.Labs;

/// <summary>Typical wrong answers to the exercises of a lab.</summary>
public interface ILabMistakes
{
    /// <summary>The name of the lab's notebook.</summary>
    static abstract string Notebook { get; }

    /// <summary>The answers, by exercise in the notebook's order.</summary>
    static abstract IReadOnlyList<WrongAnswer> Answers { get; }
}
