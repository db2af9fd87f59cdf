using Interp.Circuits.Heads;
using Interp.Cli.Attention;
using Interp.Cli.Models;

namespace Interp.Cli.Heads;

/// <summary>The attention on one of the sequences that heads were scored on, short enough to look at.</summary>
internal static class RepeatedPatterns
{
    private const int Copies = 2;

    /// <summary>Runs the model on one sequence with the scores' seed.</summary>
    public static AttentionPatterns Of(LoadedModel model, HeadScores scores)
    {
        var options = new HeadScoreOptions { Sequences = 1, Period = scores.Period, Repeats = Copies, Seed = scores.Seed };
        using var sequences = RepeatedSequences.Create(model.Model, options);
        return AttentionPatterns.Of(model, sequences.Tokens.ToArray<long>());
    }
}
