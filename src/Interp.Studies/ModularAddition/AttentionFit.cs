using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>The attention of a head from "=" as a wave of one frequency.</summary>
/// <param name="Head">The head.</param>
/// <param name="Frequency">The frequency that explains most of its scores.</param>
/// <param name="ExplainedFirst">The part of the variance of the scores of the first number that cos and sin of it explain.</param>
/// <param name="ExplainedSecond">The same of the second number.</param>
/// <param name="ToEquals">The mean attention from "=" to itself.</param>
public sealed record AttentionFit(int Head, int Frequency, double ExplainedFirst, double ExplainedSecond, double ToEquals)
{
    /// <summary>Fits every head.</summary>
    /// <param name="allScores">Scores from "=" [pair, head, 3].</param>
    /// <param name="pattern">Attention from "=" [pair, head, 3].</param>
    /// <param name="basis">The basis of as many places.</param>
    public static IReadOnlyList<AttentionFit> Of(Tensor allScores, Tensor pattern, FourierBasis basis)
    {
        using var scope = torch.NewDisposeScope();
        var n = basis.Order;
        var scores = allScores.SplitDimension(0, n, n); // [first, second, head, 3]
        // The score of a number depends on that number alone; the mean over the other one takes off rounding.
        var first = Parts(scores.select(3, 0).mean(1), basis); // [frequency, head]
        var second = Parts(scores.select(3, 1).mean(0), basis);
        var toEquals = pattern.select(2, 2).mean(0).ToArray<double>();
        return [.. toEquals.Select((attention, head) =>
        {
            var best = Enumerable.Range(0, first.GetLength(0)).MaxBy(k => first[k, head] + second[k, head]);
            return new AttentionFit(head, best + 1, first[best, head], second[best, head], attention);
        })];
    }

    /// <summary>The part of the variance of every head's scores [place, head] at every frequency.</summary>
    private static double[,] Parts(Tensor scores, FourierBasis basis)
    {
        var (n, heads) = (basis.Order, (int)scores.size(1));
        var power = basis.Rows.MatMul(scores).square().ToArray<double>(); // [row · head]
        var parts = new double[basis.Frequencies, heads];
        for (var head = 0; head < heads; head++)
        {
            var total = Enumerable.Range(1, n - 1).Sum(row => power[row * heads + head]);
            for (var k = 1; k <= basis.Frequencies; k++)
                parts[k - 1, head] = total > 0 ? basis.RowsOf(k).Sum(row => power[row * heads + head]) / total : 0;
        }

        return parts;
    }
}
