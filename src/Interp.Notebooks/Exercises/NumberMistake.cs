namespace Interp.Notebooks.Exercises;

/// <summary>A typical wrong answer that is a number, and what to say to who gave it.</summary>
/// <param name="Says">What went wrong and where to look.</param>
/// <param name="Value">The number that this mistake gives.</param>
public sealed record NumberMistake(string Says, double Value)
{
    /// <summary>Lets checks list mistakes as pairs.</summary>
    public static implicit operator NumberMistake((string Says, double Value) pair) => new(pair.Says, pair.Value);
}
