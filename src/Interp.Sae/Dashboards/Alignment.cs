using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dashboards;

/// <summary>Cosines between directions.</summary>
internal static class Alignment
{
    private const long Chunk = 1 << 24; // cosines at a time: 64 MB

    /// <summary>For each direction the nearest of others.</summary>
    /// <param name="directions">[n, width]</param>
    /// <param name="others">[m, width]; null: the directions themselves, none its own neighbour.</param>
    /// <param name="count">How many.</param>
    /// <param name="absolute">Whether opposite directions are near too, as neurons of negative weight are.</param>
    /// <returns>The nearest first, with the cosine.</returns>
    internal static IReadOnlyList<IReadOnlyList<RelatedItem>> Nearest(Tensor directions, Tensor? others, int count,
        bool absolute)
    {
        using var scope = torch.NewDisposeScope();
        var unit = Unit(directions);
        var targets = others is null ? unit : Unit(others);
        count = (int)Math.Min(count, targets.size(0) - (others is null ? 1 : 0));
        var nearest = new List<IReadOnlyList<RelatedItem>>();
        var step = Math.Max(1, Chunk / targets.size(0));
        for (var start = 0L; start < unit.size(0); start += step)
        {
            using var inner = torch.NewDisposeScope();
            var rows = Math.Min(step, unit.size(0) - start);
            var cosines = unit.narrow(0, start, rows).MatMul(targets.t());
            var rank = absolute ? cosines.abs() : cosines;
            if (others is null)
            {
                var self = torch.arange(start, start + rows, 1, device: unit.device).unsqueeze(1);
                rank = rank.scatter(1, self, torch.full_like(rank.narrow(1, 0, 1), double.NegativeInfinity));
            }

            var (_, indices) = rank.topk(count, 1);
            var (at, values) = (indices.cpu().contiguous().ToArray<long>(),
                cosines.gather(1, indices).cpu().contiguous().ToArray<float>());
            for (var row = 0; row < rows; row++)
                nearest.Add([.. Enumerable.Range(row * count, count).Select(i =>
                    new RelatedItem((int)at[i], Math.Clamp(values[i], -1, 1)))]);
        }

        return nearest;
    }

    /// <summary>At length 1; a direction that is zero stays.</summary>
    private static Tensor Unit(Tensor directions)
    {
        var rows = directions.to(ScalarType.Float32);
        return rows / torch.linalg.vector_norm(rows, 2, [-1], keepdim: true).clamp_min(1e-30);
    }
}
