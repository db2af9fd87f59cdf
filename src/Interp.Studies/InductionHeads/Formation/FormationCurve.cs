namespace Interp.Studies.InductionHeads.Formation;

/// <summary>One quantity of a training over its checkpoints, and where it changes most.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Values">One a checkpoint.</param>
/// <param name="Change">
/// The checkpoint about which it changes fastest in the direction that the phase change has: where the least-squares line
/// through five checkpoints is steepest.
/// </param>
public sealed record FormationCurve(string Name, IReadOnlyList<double> Values, int Change)
{
    private const int Reach = 2;

    /// <summary>A curve whose change is where it rises fastest, or falls fastest.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="metrics">The checkpoints, at least five.</param>
    /// <param name="value">The quantity.</param>
    /// <param name="rises">Whether the phase change raises it.</param>
    internal static FormationCurve Of(string name, IReadOnlyList<FormationMetrics> metrics, Func<FormationMetrics, double> value, bool rises)
    {
        var values = metrics.Select(value).ToArray();
        // The slope of the line through five checkpoints, but for its scale: one noisy measurement does not decide.
        double Slope(int at) => Enumerable.Range(-Reach, 2 * Reach + 1).Sum(d => d * values[at + d]) * (rises ? 1 : -1);
        return new FormationCurve(name, values, Enumerable.Range(Reach, values.Length - 2 * Reach).MaxBy(Slope));
    }
}
