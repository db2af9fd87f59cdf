namespace Interp.Studies.ModularAddition;

/// <summary>The three phases of grokking (Nanda et al. 2023, section 5.2), found from the curves of a training.</summary>
/// <remarks>
/// Memorization: the training loss falls with no circuit; it ends where the excluded loss is least, for from there on the
/// model leans on the key frequencies. Circuit formation: the circuit grows beside what was memorized; it ends at the last
/// epoch whose test loss is at least half of its peak. Cleanup: weight decay removes what was memorized, and the test loss
/// falls; it ends at the first epoch from which the test loss stays below a thousandth of its peak. (The paper names the
/// phases by eye; these rules are this toolkit's.)
/// </remarks>
/// <param name="Memorized">The epoch at which memorization ends.</param>
/// <param name="CircuitFormed">The epoch at which circuit formation ends.</param>
/// <param name="CleanedUp">The epoch at which cleanup ends: the model has grokked.</param>
public sealed record GrokPhases(long Memorized, long CircuitFormed, long CleanedUp)
{
    private const double Half = 0.5;
    private const double Grokked = 1e-3;

    /// <summary>Finds the phases; null where the curves show no grokking.</summary>
    /// <param name="curve">Measures by rising epoch.</param>
    public static GrokPhases? Find(IReadOnlyList<ProgressMeasures> curve)
    {
        if (curve.Count < 3) return null;
        var peak = curve.Max(m => m.TestLoss);
        var formed = Last(curve, m => m.TestLoss >= Half * peak);
        var cleaned = Last(curve, m => m.TestLoss >= Grokked * peak) + 1;
        if (cleaned >= curve.Count || formed < 0) return null;
        var memorized = Enumerable.Range(0, formed + 1).MinBy(i => curve[i].ExcludedLoss);
        return new GrokPhases(curve[memorized].Step, curve[formed].Step, curve[cleaned].Step);
    }

    private static int Last(IReadOnlyList<ProgressMeasures> curve, Func<ProgressMeasures, bool> holds)
    {
        for (var i = curve.Count - 1; i >= 0; i--)
            if (holds(curve[i])) return i;
        return -1;
    }
}
