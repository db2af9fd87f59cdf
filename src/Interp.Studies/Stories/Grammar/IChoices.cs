namespace Interp.Studies.Stories.Grammar;

/// <summary>What decides wherever the grammar leaves a choice: chance, or a test that goes through all of them.</summary>
public interface IChoices
{
    /// <summary>Chooses one of several alternatives.</summary>
    /// <param name="probabilities">One for each alternative, summing to 1.</param>
    /// <returns>The alternative's index.</returns>
    int Pick(ReadOnlySpan<double> probabilities);
}
