namespace Interp.Sae.Probing;

/// <summary>How often a yes-or-no answer is right.</summary>
/// <param name="Accuracy">The share of right answers.</param>
/// <param name="Precision">The share of the yeses that are right; 0 where there is no yes.</param>
/// <param name="Recall">The share of the true rows that get a yes.</param>
public sealed record BinaryScores(double Accuracy, double Precision, double Recall)
{
    /// <summary>The harmonic mean of precision and recall; 0 where both are 0.</summary>
    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);

    /// <summary>The scores of answers.</summary>
    internal static BinaryScores Of(IReadOnlyList<bool> answers, IReadOnlyList<bool> labels)
    {
        var pairs = answers.Zip(labels).ToArray();
        double Share(Func<(bool Answer, bool Label), bool> which, Func<(bool Answer, bool Label), bool> holds)
        {
            var among = pairs.Where(which).ToArray();
            return among.Length == 0 ? 0 : (double)among.Count(holds) / among.Length;
        }

        return new BinaryScores(Share(_ => true, p => p.Answer == p.Label), Share(p => p.Answer, p => p.Label),
            Share(p => p.Label, p => p.Answer));
    }
}
