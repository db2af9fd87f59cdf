namespace Interp.Studies.ModularAddition;

/// <summary>The claims of Nanda et al. 2023 with their published numbers, and the bounds by which they hold for a model.</summary>
internal static class GrokVerdicts
{
    internal static IReadOnlyList<Verdict> Of(GrokAnalysis a)
    {
        // What suffices or is needed for the task says something only of a model that does it.
        var doesTask = a.Loss < a.Uniform / 2;
        return
        [
            .. Behaviour(a), .. Frequencies(a), .. Weights(a), .. Neurons(a), .. Attention(a),
            .. Uses(a).Concat(AblationClaims(a)).Select(v => doesTask ? v : v with { Holds = false, Measured = v.Measured + ": no better than guessing" }),
        ];
    }

    private static IEnumerable<Verdict> Behaviour(GrokAnalysis a)
    {
        yield return new("every pair is right", Percent(a.Accuracy), "100%", "100%", a.Accuracy == 1, IsCore: true);
        var (what, loss) = a.SplitLosses is { } split ? ("loss on pairs not trained on", split.Test) : ("loss over all pairs", a.Loss);
        yield return new(what, Small(loss), "2.4e-7", "< 1e-5", loss < 1e-5);
        var q = a.Algorithm;
        yield return new("a clock: irrelevance, symmetricity", $"{q.DistanceIrrelevance:0.00}, {q.GradientSymmetricity:0.00}",
            "0.85, 0.33 (pizza 0.17, 0.99)", "≥ 0.6, < 0.98", q.Verdict == "clock");
    }

    private static IEnumerable<Verdict> Frequencies(GrokAnalysis a)
    {
        var most = Math.Max(1, a.Embedding.Frequencies / 5);
        foreach (var key in a.KeyFrequencies)
            yield return new(key.Rule switch
            {
                FrequencyRule.Embedding => "the embedding has few frequencies",
                FrequencyRule.NeuronLogitMap => "neurons are read at few frequencies",
                _ => "neurons compute with few frequencies",
            }, $"{key.Frequencies.Count}: {Listed(key)}", key.Rule == FrequencyRule.Embedding ? "6 of 56" : "3 to 5 of 56", $"1 to {most}",
                key.Frequencies.Count >= 1 && key.Frequencies.Count <= most, IsCore: key.Rule == FrequencyRule.NeuronLogitMap);
        var fit = a.Approximation;
        yield return new($"logits are waves of {a.Task.Distance}", $"{Percent(fit.ExplainedVariance)} of variance", "95%", "≥ 90%",
            fit.ExplainedVariance >= 0.9, IsCore: true);
    }

    private static IEnumerable<Verdict> Uses(GrokAnalysis a)
    {
        var fit = a.Approximation;
        yield return new("the waves alone do the task better", Ratio(fit.Loss, a.Loss), "4.7e-8 of 2.4e-7", "less than the model", fit.Loss < a.Loss);
        yield return new("restricted loss: they suffice", Ratio(a.RestrictedLoss, a.Loss), "less than the model", "less than the model",
            a.RestrictedLoss < a.Loss, IsCore: true);
        yield return new("excluded loss: without them it fails", Small(a.ExcludedLoss), "above guessing", $"> {a.Uniform:0.00} (guessing)",
            a.ExcludedLoss > a.Uniform, IsCore: true);
    }

    private static IEnumerable<Verdict> Weights(GrokAnalysis a)
    {
        var map = a.Map;
        var few = a.Frequencies.Frequencies.Count <= a.Embedding.Frequencies / 2;
        yield return new("W_L is its key frequencies", $"residual {Percent(map.Residual)} of the norm", "< 0.55%", "< 5%, of half the frequencies at most",
            map.Residual < 0.05 && few);
        var directions = map.DirectionsFor(0.99);
        yield return new("W_L has two directions a frequency", $"{directions} hold 99% of the energy", "10 for 5 frequencies",
            $"≤ {2 * a.Frequencies.Frequencies.Count}, of half the frequencies at most", directions <= 2 * a.Frequencies.Frequencies.Count && few);
        var least = map.Directions.Select(d => d.ExplainedVariance).DefaultIfEmpty(0).Min();
        yield return new($"each direction reads cos, sin of w({a.Task.Combined})", $"at least {Percent(least)} of variance", "93.2 to 98.2%", "≥ 90%", least >= 0.9);
    }

    private static IEnumerable<Verdict> Neurons(GrokAnalysis a)
    {
        yield return new("neurons are products of one frequency", $"{Percent(a.Clusters.ClusteredPart)} of neurons clear", "84.6% (433 of 512)", "≥ 75%",
            a.Clusters.ClusteredPart >= 0.75);
    }

    private static IEnumerable<Verdict> Attention(GrokAnalysis a)
    {
        var least = a.Attention.Min(head => Math.Min(head.ExplainedFirst, head.ExplainedSecond));
        yield return new("attention scores are waves of one frequency", $"at least {Percent(least)} of variance", "97.9 to 99.1%", "≥ 90%", least >= 0.9);
        var most = a.Attention.Max(head => head.ToEquals);
        yield return new("\"=\" hardly attends to itself", $"at most {Percent(most)}", "0.1 to 0.4%", "< 2%", most < 0.02);
    }

    private static IEnumerable<Verdict> AblationClaims(GrokAnalysis a)
    {
        var (all, loss) = (a.Ablations, a.Ablations.Baseline.Loss);
        yield return Keeps("neurons may be their polynomials", all.Polynomials, loss, "2.48e-7 of 2.41e-7", 2);
        yield return Keeps("logits need only their sums' waves", all.SumsOnly, loss, "5.5e-8 of 2.4e-7", 1);
        yield return Keeps("logits need only key frequencies", all.KeyBlocksOnly, loss, "7.2e-8 of 2.4e-7", 1);
        yield return Keeps("neurons need only the directions read", all.OnDirections, loss, "1.2e-7 of 2.4e-7", 1);
        yield return Breaks("without these directions it fails", all.OffDirections, a);
        if (all.WithoutFrequency.Count > 0)
        {
            var least = all.WithoutFrequency.MinBy(pair => pair.Value.Loss);
            yield return new("each frequency's neurons are needed", $"{Ratio(least.Value.Loss, loss)} ({least.Key})", "2.0e-4 to 2.4e-2 of 2.4e-7",
                "≥ 10 × the model", least.Value.Loss >= 10 * loss);
        }
        else
        {
            yield return new("each frequency's neurons are needed", "no clear neurons", "2.0e-4 to 2.4e-2 of 2.4e-7", "≥ 10 × the model", false);
        }

        yield return new("what passes the MLP by hardly matters", Ratio(all.MeanPastMlp.Loss, loss), "7.3e-7 of 2.4e-7", "< 100 × the model",
            all.MeanPastMlp.Loss < 100 * loss && all.MeanPastMlp.Loss < a.Uniform);
        yield return Breaks("without attention it fails", all.WithoutHeads, a);
    }

    private static Verdict Keeps(string claim, Ablation ablation, double loss, string published, double factor) => new(claim, Ratio(ablation.Loss, loss),
        published, factor == 1 ? "no more than the model" : $"< {factor} × the model", factor == 1 ? ablation.Loss <= loss : ablation.Loss < factor * loss);

    private static Verdict Breaks(string claim, Ablation ablation, GrokAnalysis a) => new(claim, Small(ablation.Loss), Small(ablation.Published!.Value),
        $"> {a.Uniform:0.00} (guessing)", ablation.Loss > a.Uniform);

    private static string Listed(KeyFrequencies key) => key.Frequencies.Count <= 12 ? key.ToString() : $"{string.Join(", ", key.Frequencies.Take(10))}, …";

    private static string Percent(double part) => part == 1 ? "100%" : $"{Math.Min(part, 0.9999) * 100:0.##}%";

    private static string Small(double value) => value is > 0 and < 0.01 ? value.ToString("0.0e-0") : $"{value:0.00}";

    private static string Ratio(double value, double of) => $"{Small(value)} of {Small(of)}";
}
