using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Attribution;

/// <summary>Adds up the products of sources' differences and receivers' gradients, over batch, positions and
/// passes.</summary>
internal sealed class EdgeScores(ComponentRuns runs)
{
    private readonly Tensor sums = torch.zeros([runs.Shape.SourceCount, runs.Shape.ReceiverCount], ScalarType.Float64);

    /// <summary>Takes the gradients of one pass for the edges of all sources.</summary>
    /// <param name="weight">The pass's share of the mean.</param>
    internal Action<int, Tensor> FromAllSources(double weight) => FromSources(0, runs.Shape.SourceCount, weight);

    /// <summary>Takes the gradients of one pass for the edges of some sources.</summary>
    /// <returns>Called with the first of some receivers that read at one time and their gradients
    /// [receiver, batch, pos, d_model].</returns>
    internal Action<int, Tensor> FromSources(int first, int count, double weight) => (receiver, gradients) =>
    {
        using var scope = torch.NewDisposeScope();
        var sources = Math.Min(count, runs.Shape.SourcesBefore(receiver) - first);
        if (sources <= 0) return;
        var difference = runs.Difference.narrow(0, first, sources).flatten(1); // [source, batch · pos · d_model]
        var products = difference.mm(gradients.flatten(1).transpose(0, 1)); // [source, receiver]
        sums.narrow(0, first, sources).narrow(1, receiver, gradients.size(0))
            .add_(products.to(ScalarType.Float64, torch.CPU) * weight);
    };

    /// <summary>The scores by edge: by receiver, then by source.</summary>
    internal double[] ToArray()
    {
        var all = sums.transpose(0, 1).contiguous().ToArray<double>();
        var sources = runs.Shape.SourceCount;
        return [.. Enumerable.Range(0, runs.Shape.ReceiverCount)
            .SelectMany(receiver => all.Skip(receiver * sources).Take(runs.Shape.SourcesBefore(receiver)))];
    }
}
