using Interp.Circuits.Heads;
using Interp.Circuits.Statistics;

namespace Interp.Studies.InductionHeads;

/// <summary>The claims that make an induction circuit, with the bounds of <see cref="InductionBounds"/>.</summary>
internal static class InductionVerdicts
{
    private const string NoPair = "no head before another layer's";

    internal static IReadOnlyList<Verdict> Of(InductionAnalysis a) =>
        [
            Behaviour(a), .. Heads(a),
            // What is said of heads is true of no model that does not have them, whatever its other heads measure.
            .. Weights(a).Concat(Removal(a)).Append(Path(a)).Select(verdict => a.HeadsFound ? verdict : verdict with { Holds = false }),
            Agreement(a),
        ];

    private static Verdict Behaviour(InductionAnalysis a)
    {
        var score = a.Detection.InContext;
        return new("repeated tokens are easier than new ones", $"{score} nats", "about −0.4 on text, tokens 50 and 500",
            $"≤ −{InductionBounds.Advantage} nat, with its interval", score.High <= -InductionBounds.Advantage, IsCore: true);
    }

    private static IEnumerable<Verdict> Heads(InductionAnalysis a)
    {
        yield return Clear(a, "a head attends to the token before", a.Previous, head => head.PreviousToken, IsCore: true);
        yield return Clear(a, "later heads attend to what followed earlier copies", a.Layered(), head => head.Induction, IsCore: true);
        var least = a.Least(a.Induction, head => head.Copying);
        var chance = 1.0 / a.Detection.Period;
        yield return new("they raise the token that they attend to", $"{least} of what they raise", "",
            $"≥ {InductionBounds.CopyingOverChance} × chance, {chance:0.00}", a.HeadsFound && least.Low >= InductionBounds.CopyingOverChance * chance);
    }

    private static Verdict Clear(InductionAnalysis a, string claim, IReadOnlyList<HeadName> heads, Func<HeadEstimate, Estimate> score, bool IsCore)
    {
        var rule = $"≥ {InductionBounds.Score}, with its interval";
        if (heads.Count == 0) return new(claim, NoPair, "", rule, false, IsCore);
        var best = heads.MaxBy(head => score(a.Head(head)).Mean);
        var found = score(a.Head(best));
        return new(claim, $"{best} {found}", "", rule, found.Low >= InductionBounds.Score, IsCore);
    }

    private static IEnumerable<Verdict> Weights(InductionAnalysis a)
    {
        var pairs = a.Composition.Where(pair => pair.Earlier == a.Lead && a.Induction.Contains(pair.Later)).ToArray();
        var (mean, deviation) = a.Baseline;
        var bound = Math.Max(InductionBounds.OverBaseline * mean, mean + InductionBounds.Deviations * deviation);
        yield return ForAll("their keys fit what that head writes (K-composition)", pairs, pair => pair.K, $"random {mean:0.000}", $"≥ {bound:0.000}", k => k >= bound);
        yield return ForAll("more than their queries and values do", pairs, pair => pair.K / Math.Max(pair.Q, pair.V), "times Q or V", "> 1",
            ratio => ratio > 1);
        yield return ForAll("through it, tokens look for themselves (QK circuit)", pairs, pair => pair.Match.SelfMatch, "of tokens", $"≥ {InductionBounds.SelfMatch}",
            share => share >= InductionBounds.SelfMatch, isCore: true);
        yield return ForAll("with positive eigenvalues", pairs, pair => pair.Match.Eigenvalues, "Σλ/Σ|λ|", $"≥ {InductionBounds.Eigenvalues}",
            ratio => ratio >= InductionBounds.Eigenvalues);
        var copying = a.Induction.Min(head => a.CopyingEigenvalues[a.Index(head)]);
        yield return new("what they attend to is copied: OV eigenvalues positive", $"at least {copying:0.00} Σλ/Σ|λ|", "", $"≥ {InductionBounds.Eigenvalues}",
            copying >= InductionBounds.Eigenvalues, IsCore: true);
    }

    private static Verdict ForAll(string claim, HeadComposition[] pairs, Func<HeadComposition, double> value, string unit, string rule,
        Func<double, bool> holds, bool isCore = false)
    {
        if (pairs.Length == 0) return new(claim, NoPair, "", rule, false, isCore);
        var least = pairs.Min(value);
        return new(claim, $"at least {least:0.00#} ({unit})", "", rule, holds(least), isCore);
    }

    private static IEnumerable<Verdict> Removal(InductionAnalysis a)
    {
        var whole = a.Whole;
        var named = HeadName.List(a.Previous);
        string Each(Func<Knockout, double> value) => string.Join(", ", a.WithoutPrevious.Select(run => $"{run.How.ToString().ToLowerInvariant()} {value(run):0.00}"));
        var has = a.WithoutPrevious.Count > 0 && whole.Induction >= InductionBounds.Score;
        yield return new($"without {named} they attend there no more", a.WithoutPrevious.Count == 0 ? NoPair : $"{whole.Induction:0.00} → {Each(run => run.Induction)}",
            "", $"≤ {InductionBounds.Left:0%} in each way", has && a.WithoutPrevious.All(run => run.Induction <= InductionBounds.Left * whole.Induction), IsCore: true);
        var useful = a.WithoutPrevious.Count > 0 && whole.Advantage >= InductionBounds.Advantage;
        yield return new("and repeated tokens are easier no more", a.WithoutPrevious.Count == 0 ? NoPair : $"{whole.Advantage:0.00} nats → {Each(run => run.Advantage)}",
            "", $"≤ {InductionBounds.Left:0%} in each way", useful && a.WithoutPrevious.All(run => run.Advantage <= InductionBounds.Left * whole.Advantage), IsCore: true);
        var control = a.Single.Where(run => !a.Previous.Contains(run.Without[0])).MinBy(run => run.Induction);
        yield return new("without any other head below they still do",
            control is null ? "no score to lose" : $"at least {control.Induction:0.00} of {whole.Induction:0.00} (without {control.Without[0]})", "",
            $"> {InductionBounds.Left:0%}", control is not null && has && control.Induction > InductionBounds.Left * whole.Induction);
    }

    private static Verdict Path(InductionAnalysis a)
    {
        var rule = $"keys ≥ {InductionBounds.KeyShare:0%} of at least {InductionBounds.Logit} logit, queries and values less";
        if (a.Routes is not { } r) return new("the head acts through their keys", NoPair, "", rule, false, IsCore: true);
        var tells = r.Whole >= InductionBounds.Logit;
        return new("the head acts through their keys", $"{r.Whole:0.00} logits" + (tells
                ? $": keys {r.Key / r.Whole:0%}, queries {r.Query / r.Whole:0%}, values {r.Value / r.Whole:0%}" : " in all"), "", rule,
            tells && r.Key >= InductionBounds.KeyShare * r.Whole && r.Key > r.Query && r.Key > r.Value, IsCore: true);
    }

    private static Verdict Agreement(InductionAnalysis a)
    {
        var first = a.Methods[0];
        var same = first.Previous.Count > 0 && first.Induction.Count > 0 && a.Methods.All(first.Agrees);
        var named = string.Join("; ", a.Methods.Select(method => $"{method.Method}: {HeadName.List(method.Previous)} → {HeadName.List(method.Induction)}"));
        return new("every method names the same heads", same ? $"{HeadName.List(first.Previous)} → {HeadName.List(first.Induction)}" : named, "",
            "the same sets, not empty", same);
    }

    private static HeadEstimate Head(this InductionAnalysis a, HeadName name) => a.Detection.Heads.Single(head => head.Name == name);

    /// <summary>The induction heads, if there is a layer below them.</summary>
    private static IReadOnlyList<HeadName> Layered(this InductionAnalysis a) => a.Previous.Count == 0 ? [] : a.Induction;

    private static Estimate Least(this InductionAnalysis a, IReadOnlyList<HeadName> heads, Func<HeadEstimate, Estimate> value) =>
        heads.Select(head => value(a.Head(head))).MinBy(estimate => estimate.Mean);

    private static int Index(this InductionAnalysis a, HeadName name) => a.Detection.Heads.Index().Single(pair => pair.Item.Name == name).Index;
}
