using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>
/// The kinds of distances of T5 (Raffel et al. 2020, section 2.1): small distances are a kind each, larger ones share kinds
/// whose widths grow with the logarithm, and everything from the largest distance on is one.
/// </summary>
internal static class RelativePositions
{
    /// <summary>The bias of the scores [1, head, query, key].</summary>
    /// <param name="table">What every kind adds to every head [buckets, head].</param>
    /// <param name="queries">Queries, at positions 0, 1 ….</param>
    /// <param name="keys">Keys, at positions 0, 1 ….</param>
    /// <param name="bothWays">Earlier and later keys have kinds of their own; else later keys count as distance 0.</param>
    /// <param name="maxDistance">The distance from which on all are one kind.</param>
    internal static Tensor Bias(Tensor table, long queries, long keys, bool bothWays, int maxDistance)
    {
        using var scope = torch.NewDisposeScope();
        var buckets = Buckets(queries, keys, bothWays, table.size(0), maxDistance, table.device);
        return scope.MoveToOuter(torch.nn.functional.embedding(buckets, table).permute(2, 0, 1).unsqueeze(0));
    }

    /// <summary>The kind of every distance [query, key].</summary>
    internal static Tensor Buckets(long queries, long keys, bool bothWays, long count, int maxDistance, Device device)
    {
        using var scope = torch.NewDisposeScope();
        var distance = torch.arange(keys, ScalarType.Int64, device).unsqueeze(0) - torch.arange(queries, ScalarType.Int64, device).unsqueeze(1);
        if (!bothWays) return scope.MoveToOuter(Kind((-distance).clamp_min(0), count, maxDistance));
        var later = distance.gt(0).to(ScalarType.Int64) * (count / 2);
        return scope.MoveToOuter(later + Kind(distance.abs(), count / 2, maxDistance));
    }

    /// <summary>
    /// d for d &lt; n/2, else min(n − 1, ⌊n/2 + n/2 · ln(d / (n/2)) / ln(max / (n/2))⌋), in single precision as the model was trained.
    /// </summary>
    private static Tensor Kind(Tensor distance, long count, int maxDistance)
    {
        var exact = count / 2;
        var logarithm = (distance.clamp_min(1).to(ScalarType.Float32) / exact).log();
        var large = (logarithm / Math.Log((double)maxDistance / exact) * (count - exact)).to(ScalarType.Int64) + exact;
        return torch.where(distance.lt(exact), distance, large.clamp(null, count - 1));
    }
}
