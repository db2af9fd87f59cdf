using Interp.Circuits.Heads;

namespace Interp.Studies.InductionHeads;

/// <summary>Three ways to name the heads of the circuit that know nothing of each other's results.</summary>
internal static class HeadMethods
{
    /// <summary>By where heads attend.</summary>
    internal static HeadsByMethod ByScores(IReadOnlyList<HeadEstimate> heads)
    {
        HeadName[] induction = [.. heads.Where(head => head.Induction.Mean >= InductionBounds.Score && head.Name.Layer > 0).Select(head => head.Name)];
        var top = induction.Length == 0 ? int.MaxValue : induction.Max(name => name.Layer);
        return new HeadsByMethod("scores", $"attention of at least {InductionBounds.Score} to the token before, or to what followed earlier copies",
            [.. heads.Where(head => head.PreviousToken.Mean >= InductionBounds.Score && head.Name.Layer < top).Select(head => head.Name)], induction);
    }

    /// <summary>By what heads add to each other's attention, and by what the later ones move.</summary>
    internal static HeadsByMethod ByComposition(IReadOnlyList<HeadComposition> pairs, IReadOnlyList<double> copying, int headsPerLayer)
    {
        bool Copies(HeadName head) => copying[head.Layer * headsPerLayer + head.Head] >= InductionBounds.Eigenvalues;
        pairs = [.. pairs.Where(pair => pair.Contrast >= InductionBounds.Contrast && pair.Match.SelfMatch >= InductionBounds.SelfMatch && Copies(pair.Later))];
        return new HeadsByMethod("composition",
            $"pairs in which the earlier head adds at least {InductionBounds.Contrast} nats to the later one's attention at the right places, at least "
            + $"{InductionBounds.SelfMatch:0%} of tokens match themselves through it, and the later one copies",
            Ordered(pairs.Select(pair => pair.Earlier)), Ordered(pairs.Select(pair => pair.Later)));
    }

    /// <summary>By what is lost without them.</summary>
    internal static HeadsByMethod ByAblation(Knockout whole, IReadOnlyList<Knockout> single,
        (double Baseline, IReadOnlyList<double> Effects) direct, int headsPerLayer)
    {
        var previous = whole.Induction < InductionBounds.Score ? [] : single.GroupBy(run => run.Without[0])
            .Where(runs => runs.All(run => run.Induction <= InductionBounds.Left * whole.Induction)).Select(runs => runs.Key);
        var induction = direct.Baseline < InductionBounds.Logit ? [] : direct.Effects.Index()
            .Where(entry => entry.Item >= InductionBounds.DirectShare * direct.Baseline)
            .Select(entry => new HeadName(entry.Index / headsPerLayer, entry.Index % headsPerLayer));
        return new HeadsByMethod("ablation",
            $"without the head at most {InductionBounds.Left:0%} of the induction heads' score is left; or it writes at least "
            + $"{InductionBounds.DirectShare:0%} of the right tokens' logit directly", Ordered(previous), Ordered(induction));
    }

    private static HeadName[] Ordered(IEnumerable<HeadName> heads) =>
        [.. heads.Distinct().OrderBy(head => head.Layer).ThenBy(head => head.Head)];
}
