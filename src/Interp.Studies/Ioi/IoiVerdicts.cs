using Interp.Circuits.Heads;

namespace Interp.Studies.Ioi;

/// <summary>
/// The claims of Wang et al. 2022 with the numbers published for GPT-2 small, and the bounds of
/// <see cref="IoiBounds"/>.
/// </summary>
internal static class IoiVerdicts
{
    internal static IReadOnlyList<Verdict> Of(IoiAnalysis a)
    {
        var b = a.Behaviour;
        var does = b.Preferred >= IoiBounds.Preferred && b.Difference >= IoiBounds.Difference;
        return
        [
            new("the receiver is more probable than the giver", Percent(b.Preferred), "99.3%",
                $"≥ {IoiBounds.Preferred:0%}",
                b.Preferred >= IoiBounds.Preferred, IsCore: true),
            new("its logit is higher", $"{b.Difference:0.00} on average", "3.56", $"≥ {IoiBounds.Difference}",
                b.Difference >= IoiBounds.Difference, IsCore: true),
            // A model that does not do the task has no circuit for it, whatever its heads look at.
            .. Circuit(a).Concat(Roles(a)).Select(verdict => does ? verdict : verdict with { Holds = false }),
        ];
    }

    private static IEnumerable<Verdict> Circuit(IoiAnalysis a)
    {
        yield return new("when the receiver gives, the answer turns round",
            $"logit difference {a.Flipped.Difference:0.00}", "", $"≤ −{IoiBounds.Difference}",
            a.Flipped.Difference <= -IoiBounds.Difference, IsCore: true);
        yield return new($"few heads are the circuit: {HeadName.List(a.Circuit)}",
            $"{a.Circuit.Count} of {a.Heads.Count}", "26 of 144", "≤ half",
            a.Circuit.Count > 0 && a.Circuit.Count <= a.Heads.Count / 2, IsCore: true);
        yield return new("without all other heads the answer stays",
            $"{Percent(a.Kept.Preferred)} right, {Percent(a.Faithfulness)} of the logit difference", "87%",
            $"≥ {IoiBounds.Preferred:0%} and ≥ {IoiBounds.Faithfulness:0%}",
            a.Kept.Preferred >= IoiBounds.Preferred && a.Faithfulness >= IoiBounds.Faithfulness, IsCore: true);
        yield return new("without these heads the answer goes", $"logit difference {a.Removed.Difference:0.00}", "",
            $"≤ a third of {a.Behaviour.Difference:0.00}",
            a.Circuit.Count > 0 && a.Removed.Difference <= IoiBounds.Left * a.Behaviour.Difference, IsCore: true);
    }

    private static IEnumerable<Verdict> Roles(IoiAnalysis a)
    {
        yield return Role(a, IoiRole.NameMover, "name movers copy the receiver from END", "9.9, 10.0, 9.6",
            $"direct path ≥ {IoiBounds.Effect:0%}, attention ≥ {IoiBounds.Attention}, copies ≥ {IoiBounds.Copying:0%}",
            head => $"path {-head.PathToLogits:0%}, attention {head.EndToReceiver:0.00}, copies {head.Copying:0%}",
                head => -head.PathToLogits);
        yield return Role(a, IoiRole.NegativeNameMover, "negative name movers speak against it", "10.7, 11.10",
            $"direct path ≤ −{IoiBounds.Effect:0%}, attention ≥ {IoiBounds.Attention}, lowers ≥ {IoiBounds.Copying:0%}",
            head => $"path {-head.PathToLogits:0%}, attention {head.EndToReceiver:0.00}, lowers "
                + $"{head.NegativeCopying:0%}", head => head.PathToLogits);
        yield return Role(a, IoiRole.SInhibition, "S-inhibition heads tell their queries where S is",
            "7.3, 7.9, 8.6, 8.10",
            $"path to name movers' queries ≥ {IoiBounds.Effect:0%}, attention END → S2 ≥ {IoiBounds.Attention}",
            head => $"path {-head.PathToQueries:0%}, attention {head.EndToSecond:0.00}", head => head.EndToSecond);
        yield return Role(a, IoiRole.Induction, "induction heads look from S2 at what followed S1",
            "5.5, 6.9 (5.8, 5.9)",
            $"attention ≥ {IoiBounds.Attention}", head => $"attention {head.SecondToNext:0.00}", head =>
                head.SecondToNext);
        yield return Role(a, IoiRole.DuplicateToken, "duplicate-token heads look from S2 at S1", "0.1, 3.0 (0.10)",
            $"attention ≥ {IoiBounds.Attention}", head => $"attention {head.SecondToGiver:0.00}", head =>
                head.SecondToGiver);
        yield return Role(a, IoiRole.PreviousToken, "previous-token heads look at S1 from behind it", "2.2, 4.11",
            $"attention ≥ {IoiBounds.Attention}", head => $"attention {head.NextToGiver:0.00}", head =>
                head.NextToGiver);
    }

    /// <summary>The heads of a role, or how far the best is from having it.</summary>
    private static Verdict Role(IoiAnalysis a, IoiRole role, string claim, string published, string rule,
        Func<IoiHead, string> told, Func<IoiHead, double> rank)
    {
        var named = a.Heads.Where(head => head.Has(role)).OrderByDescending(rank).ToArray();
        var best = named.FirstOrDefault() ?? a.Heads.MaxBy(rank)!;
        var measured = named.Length == 0 ? $"none; nearest {best.Name}: {told(best)}"
            : $"{string.Join(", ", named.Select(head => head.Name))}; {best.Name}: {told(best)}";
        return new Verdict(claim, measured, published, rule, named.Length > 0);
    }

    private static string Percent(double share) => $"{share:0.0%}";
}
