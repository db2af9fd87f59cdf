using Interp.Circuits.Cache;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.KnownAlgorithms;

/// <summary>
/// What heads of the bracket model write: the tally of layer 0, and which way of failing each head answers to.
/// </summary>
internal static class BracketClaims
{
    private const long Open = 3, Close = 4;
    private const double Correlation = 0.95;
    private const double Ratio = 2;
    private const double Follows = 0.5;
    private const double Stays = 0.05;

    internal static IReadOnlyList<Verdict> Of(HookedTransformer model, AlgorithmExamples examples)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return [Tally(model, examples), Swap(model, examples), Negative(model, examples)];
    }

    /// <summary>
    /// On strings of every share of "(", as the task's own have nearly the same: a direction is fitted on one half of
    /// them and its correlation taken on the other.
    /// </summary>
    private static Verdict Tally(HookedTransformer model, AlgorithmExamples examples)
    {
        var random = new Random(examples.Rows.Count);
        var rows = examples.Rows.Select(row =>
        {
            var share = random.NextDouble();
            return (long[])[row[0], .. row[1..^1].Select(_ => random.NextDouble() < share ? Open : Close), row[^1]];
        }).ToArray();
        var cache = model.CacheOnly((examples with { Rows = rows }).Tokens(model.Device), ["blocks.0.attn.hook_z"]);
        var shares = rows.Select(row => (float)row.Count(token => token == Open)).ToArray();
        var share = torch.tensor(shares, [shares.Length]);
        var half = shares.Length / 2;
        var found = Enumerable.Range(0, model.Config.NHeads).Select(head =>
        {
            var z = cache["z", 0].select(2, head).select(1, 1).to(ScalarType.Float32,
                torch.CPU); // [example, d_head] at the first bracket
            var direction = Covariance(z.narrow(0, 0, half), share.narrow(0, 0, half)); // [d_head]
            return (Name: $"L0H{head}", Value: Correlate(z.narrow(0, half, shares.Length - half).MatMul(direction),
                share.narrow(0, half, shares.Length - half)));
        }).ToArray();
        var best = found.MaxBy(head => head.Value);
        return new Verdict("a head of layer 0 writes the share of \"(\" at the first bracket",
            $"{best.Name}, correlation {best.Value:0.000}",
            "head 0.0", $"≥ {Correlation}", best.Value >= Correlation);
    }

    /// <summary>
    /// Balanced strings are run with what a head of layer 0 writes in strings of a wrong end, and the other way round:
    /// of which strings is the answer then?
    /// </summary>
    private static Verdict Swap(HookedTransformer model, AlgorithmExamples examples)
    {
        long[][] Of((bool, bool) kind) => [.. examples.Rows.Where(row => BracketsTask.Failures(row) == kind)];
        var (balanced, wrong) = (Of((false, false)), Of((true, false)));
        var count = Math.Min(balanced.Length, wrong.Length);
        var one = (examples with { Rows = balanced[..count] }).Tokens(model.Device);
        var other = (examples with { Rows = wrong[..count] }).Tokens(model.Device);
        var found = Enumerable.Range(0, model.Config.NHeads).Select(head =>
        {
            var follows = (1 - Balanced(model, one, other, head) + Balanced(model, other, one, head)) / 2;
            return (Name: $"L0H{head}", Follows: follows);
        }).OrderByDescending(head => head.Follows).ToArray();
        return new Verdict("the answer is that of the tally: swapped between balanced strings and wrong ends, it "
            + "turns round",
            string.Join(", ", found.Select(head => $"{head.Name} {head.Follows:0.0%}")), "head 0.0",
                $"one head ≥ {Follows:0%}, the other ≤ {Stays:0%}",
            found[0].Follows >= Follows && found.Skip(1).All(head => head.Follows <= Stays));
    }

    /// <summary>The share of strings called balanced when a head of layer 0 writes what it writes in others.</summary>
    private static double Balanced(HookedTransformer model, Tensor tokens, Tensor others, int head)
    {
        var put = model.CacheOnly(others, ["blocks.0.attn.hook_z"])["z", 0];
        var chosen = torch.tensor(Enumerable.Range(0, model.Config.NHeads).Select(k => k == head)
            .ToArray(), [1, 1, model.Config.NHeads, 1], device: model.Device);
        var logits = model.RunWithHooks(tokens,
            [new Hook("blocks.0.attn.hook_z", (z, _) => torch.where(chosen, put, z))]);
        return logits.select(1, 0).argmax(-1).to(ScalarType.Float64).mean().ToDouble();
    }

    private static Verdict Negative(HookedTransformer model, AlgorithmExamples examples)
    {
        var cache = model.CacheOnly(examples.Tokens(model.Device), ["blocks.*.attn.hook_z", "ln_final.hook_scale"]);
        var effects = cache.HeadLogitAttrs(0, 1, pos: 0); // "not balanced" over "balanced" [head, example]
        var kinds = examples.Rows.Select(row => BracketsTask.Failures(row)).ToArray();
        var heads = effects.Labels.Select((label, at) =>
        {
            var values = effects.Values.select(0, at).to(ScalarType.Float64).ToArray<double>();
            double Mean((bool, bool) kind) => values.Zip(kinds).Where(pair => pair.Second == kind)
                .Average(pair => pair.First);
            var balanced = Mean((false, false));
            return (Label: label, Negative: Mean((false, true)) - balanced, Total: Mean((true, false)) - balanced);
        }).ToArray();
        var best = heads.MaxBy(head => head.Negative);
        return new Verdict("one head answers to heights below zero, rather than to a wrong end",
            $"{best.Label} writes {best.Negative:0.0} against {best.Total:0.0} nats", "head 2.1",
                $"≥ {Ratio} times, of the last layer",
            best.Negative >= Ratio * Math.Abs(best.Total)
                && best.Label.StartsWith($"L{model.Config.NLayers - 1}", StringComparison.Ordinal));
    }

    private static Tensor Covariance(Tensor z, Tensor share) =>
        ((z - z.mean([0], true)) * (share - share.mean()).unsqueeze(1)).mean([0]);

    private static double Correlate(Tensor x, Tensor y)
    {
        var (a, b) = (x - x.mean(), y - y.mean());
        return ((a * b).sum() / ((a * a).sum() * (b * b).sum()).sqrt()).to(ScalarType.Float64).ToDouble();
    }
}
