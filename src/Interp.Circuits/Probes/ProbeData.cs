using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Probes;

/// <summary>Examples for probes: rows of features and a label for each.</summary>
/// <param name="Features">[n, d]</param>
/// <param name="Labels">Integers [n], from 0.</param>
public sealed record ProbeData(Tensor Features, Tensor Labels)
{
    /// <summary>Which rows to fit to and which to keep for the test, drawn at random within each class.</summary>
    /// <param name="labels">Integers [n], from 0.</param>
    /// <param name="testShare">
    /// The share that is kept, above 0 and below 1; at least one of every class goes to each side.
    /// </param>
    /// <param name="generator">The randomness.</param>
    /// <returns>Row numbers, rising.</returns>
    /// <exception cref="ArgumentException">A class has fewer than two examples.</exception>
    public static (Tensor Train, Tensor Test) SplitRows(Tensor labels, double testShare, Generator generator)
    {
        if (testShare is not (> 0 and < 1))
            throw new ArgumentException($"the share for the test is {testShare}; it must be between 0 and 1");
        using var scope = torch.NewDisposeScope();
        var all = labels.to(ScalarType.Int64, torch.CPU).ToArray<long>();
        var (train, test) = (new List<long>(), new List<long>());
        foreach (var group in Enumerable.Range(0, all.Length).GroupBy(row => all[row]).OrderBy(group => group.Key))
        {
            var rows = group.ToArray();
            if (rows.Length < 2)
                throw new ArgumentException($"class {group.Key} has {rows.Length} example; a split needs two of " +
                    "every class at least");
            var order = torch.randperm(rows.Length, generator: generator).ToArray<long>();
            var kept = Math.Clamp((int)Math.Round(rows.Length * testShare), 1, rows.Length - 1);
            test.AddRange(order.Take(kept).Select(k => (long)rows[k]));
            train.AddRange(order.Skip(kept).Select(k => (long)rows[k]));
        }
        return (scope.MoveToOuter(Sorted(train)), scope.MoveToOuter(Sorted(test)));
    }

    /// <summary>The examples at rows.</summary>
    public ProbeData At(Tensor rows)
    {
        using var there = rows.to(Features.device);
        return new ProbeData(Features.index_select(0, there), Labels.index_select(0, there.to(Labels.device)));
    }

    /// <summary>The number of classes.</summary>
    /// <exception cref="ArgumentException">
    /// Shapes do not fit, a label is negative, or there is only one class.
    /// </exception>
    internal static int Check(Tensor features, Tensor labels)
    {
        if (features.dim() != 2 || labels.dim() != 1 || features.size(0) != labels.size(0) || features.numel() == 0)
            throw new ArgumentException(
                $"features [{string.Join(", ", features.shape)}] and labels [{string.Join(", ", labels.shape)}] must " +
                "be [n, d] and [n]");
        if (labels.dtype.IsFloatingPoint())
            throw new ArgumentException($"labels must be integers, got {labels.dtype.TorchName()}");
        using var scope = torch.NewDisposeScope();
        if (!features.isfinite().all().ToBoolean())
            throw new ArgumentException("features hold infinities or not-a-numbers");
        var wide = labels.to(ScalarType.Int64);
        var (low, high) = (wide.min().ToInt64(), wide.max().ToInt64());
        if (low < 0) throw new ArgumentException($"labels count from 0, got {low}");
        return high >= 1 && low != high
            ? checked((int)high + 1)
            : throw new ArgumentException($"all {labels.size(0)} labels are {low}; a probe needs two classes at least");
    }

    private static Tensor Sorted(List<long> rows)
    {
        rows.Sort();
        return torch.tensor(rows.ToArray());
    }
}
