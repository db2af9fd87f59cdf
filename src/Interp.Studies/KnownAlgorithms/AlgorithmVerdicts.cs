using Interp.Circuits.Heads;
using static Interp.Studies.KnownAlgorithms.AlgorithmBounds;

namespace Interp.Studies.KnownAlgorithms;

/// <summary>The claims about a known algorithm with the bounds of <see cref="AlgorithmBounds"/>.</summary>
internal static class AlgorithmVerdicts
{
    internal static IReadOnlyList<Verdict> Of(AlgorithmAnalysis a)
    {
        var does = a.Whole.Accuracy >= DoesTask;
        return
        [
            new("the model does the task", Percent(a.Whole.Accuracy), a.Task.Published, $"≥ {DoesTask:0%}", does,
                IsCore: true),
            // No part of a model carries an answer that the model does not have.
            .. Circuit(a).Concat(a.Roles.SelectMany(role => Role(a, role))).Concat(a.More)
                .Select(v => does ? v : v with { Holds = false }),
        ];
    }

    private static IEnumerable<Verdict> Circuit(AlgorithmAnalysis a)
    {
        yield return new($"the circuit alone answers: {Named(a)}",
            $"{Percent(a.Kept.Accuracy)} with {a.Circuit.Count} of {a.Size} parts", "",
            $"≥ the model's less {Kept:0%}", a.Kept.Accuracy >= a.Whole.Accuracy - Kept, IsCore: true);
        var backups = string.Join(", ", a.Backups);
        yield return new(backups.Length == 0 ? "without it the answer goes"
            : $"without it and its backups {backups} the answer goes",
            (backups.Length == 0 ? "" : $"{Percent(a.Removed.Accuracy)} without it, ")
                + $"{Percent(a.RemovedWithBackups.Accuracy)} (guessing {Percent(a.Guess)})",
            "", $"≤ guessing and {AboveGuess:0%}", a.RemovedWithBackups.Accuracy <= a.Guess + AboveGuess, IsCore: true);
        if (a.WithoutHead.Count > 0)
        {
            var (head, left) = a.WithoutHead.MaxBy(one => one.Left.Accuracy);
            yield return new("the circuit needs every one of its heads",
                $"at most {Percent(left.Accuracy)} (without {head})", "",
                $"≥ {Needed:0.0%} is lost", a.Kept.Accuracy - left.Accuracy >= Needed);
        }
        if (a.WithoutNeurons is { } heads)
            yield return new($"the circuit needs its {a.Neurons.Count} neurons",
                $"{Percent(heads.Accuracy)} without them", "",
                $"≥ {Needed:0.0%} is lost", a.Kept.Accuracy - heads.Accuracy >= Needed);
    }

    private static IEnumerable<Verdict> Role(AlgorithmAnalysis a, RoleFinding found)
    {
        var names = HeadName.List(found.Holders);
        var best = found.Heads.MaxBy(head => head.Attention / head.Chance)!;
        yield return new($"{names}: {found.Role.Claim}",
            $"{best.Name} {best.Attention:0.00} of its attention (chance {best.Chance:0.00})", "",
            $"≥ {OverChance} × chance", found.Holders.Count > 0, IsCore: true);
        yield return new("and where they may not, the answer goes",
            $"{Percent(found.Cut)}; without other keys {Percent(found.Control)}", "",
            $"≥ {CutLoss:0%} is lost, of the others ≤ {ControlLoss:0%}", found.Holders.Count > 0
                && a.Whole.Accuracy - found.Cut >= CutLoss
                && a.Whole.Accuracy - found.Control <= ControlLoss, IsCore: true);
        if (found.Role.IsWhole)
            yield return new("looking exactly there does", Percent(found.Exact), "", $"≥ the model's less {Kept:0%}",
                found.Holders.Count > 0 && found.Exact >= a.Whole.Accuracy - Kept);
    }

    private static string Named(AlgorithmAnalysis a) =>
        string.Join(", ", a.Heads) + (a.Neurons.Count == 0 ? "" : $" and {a.Neurons.Count} neurons of "
            + string.Join(", ",
            a.Neurons.Select(neuron => neuron.Layer).Distinct().Order().Select(layer => $"MLP {layer}")));

    private static string Percent(double share) => $"{share:0.0%}";
}
