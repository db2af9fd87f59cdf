using Interp.Models;
using Interp.Tensors;

namespace Interp.Circuits.Heads;

/// <summary>The attention on one of the sequences that heads were scored on, short enough to look at.</summary>
public static class RepeatedPatterns
{
    private const int Copies = 2;

    /// <summary>Runs the model on one sequence with the scores' seed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scores">What was measured on many such sequences.</param>
    public static AttentionPatterns Of(HookedTransformer model, HeadScores scores)
    {
        var options = new HeadScoreOptions { Sequences = 1, Period = scores.Period, Repeats = Copies, Seed = scores.Seed };
        using var sequences = RepeatedSequences.Create(model, options);
        return AttentionPatterns.Of(model, sequences.Tokens.ToArray<long>());
    }
}
