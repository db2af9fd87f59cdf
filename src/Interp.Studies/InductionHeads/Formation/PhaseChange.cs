using Interp.Studies.InductionHeads;

namespace Interp.Studies.InductionHeads.Formation;

/// <summary>
/// The phase change of a training (Olsson et al. 2022, arguments 1 and 2): induction heads appear within a short time, and
/// at the same time the context begins to help.
/// </summary>
/// <remarks>
/// There is one if a head comes to match prefixes (<see cref="InductionBounds.Score"/>), and if half of that rise falls
/// within a fifth of the training. Where it is, is where prefix matching rises fastest; of the other curves it is asked
/// where they change fastest. (The paper sees it in the curves; this rule is the toolkit's.)
/// </remarks>
/// <param name="PrefixMatching">The best prefix-matching score of a head.</param>
/// <param name="Others">In-context score, losses where tokens repeat, previous-token score, norms of weights.</param>
/// <param name="Abruptness">The largest part of prefix matching's rise that falls within a fifth of the training.</param>
public sealed record PhaseChange(FormationCurve PrefixMatching, IReadOnlyList<FormationCurve> Others, double Abruptness)
{
    /// <summary>How far apart, in checkpoints, curves may change to change together.</summary>
    public const int Together = 1;

    /// <summary>Checkpoints that it takes to look for a phase change.</summary>
    public const int LeastCheckpoints = 8;

    private const double Window = 0.2;
    private const double Abrupt = 0.5;

    /// <summary>Whether there is a phase change.</summary>
    public bool Exists => PrefixMatching.Values[^1] >= InductionBounds.Score && Abruptness >= Abrupt;

    /// <summary>The checkpoint of the phase change.</summary>
    public int Checkpoint => PrefixMatching.Change;

    /// <summary>How far the other curves' changes lie from that of prefix matching at most, in checkpoints.</summary>
    public int Spread => Others.Max(curve => Math.Abs(curve.Change - Checkpoint));

    /// <summary>Looks for it.</summary>
    /// <param name="metrics">The checkpoints by step, at least <see cref="LeastCheckpoints"/>.</param>
    /// <exception cref="ArgumentException">There are too few.</exception>
    public static PhaseChange Find(IReadOnlyList<FormationMetrics> metrics)
    {
        if (metrics.Count < LeastCheckpoints) throw new ArgumentException($"a phase change needs at least {LeastCheckpoints} checkpoints, got {metrics.Count}");
        var prefix = FormationCurve.Of("prefix matching", metrics, m => m.PrefixMatching, rises: true);
        return new PhaseChange(prefix,
        [
            FormationCurve.Of("in-context score", metrics, m => m.InContext, rises: false),
            FormationCurve.Of("loss of repeated tokens", metrics, m => m.RepeatedLoss, rises: false),
            FormationCurve.Of("weights of queries and keys", metrics, m => m.AttentionWeights.Sum(), rises: true),
        ], AbruptnessOf(prefix.Values));
    }

    private static double AbruptnessOf(IReadOnlyList<double> values)
    {
        var width = (int)Math.Round(Window * (values.Count - 1));
        var steepest = Enumerable.Range(0, values.Count - width).Max(at => values[at + width] - values[at]);
        var rise = values.Max() - values[0];
        return rise > 0 ? steepest / rise : 0;
    }
}
