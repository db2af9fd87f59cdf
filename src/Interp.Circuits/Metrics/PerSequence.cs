using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Metrics;

/// <summary>One column for all sequences, or one a sequence.</summary>
internal static class PerSequence
{
    /// <summary>values [batch, columns] → [batch].</summary>
    internal static Tensor Pick(Tensor values, int[] columns, string what)
    {
        if (columns.Length == 1) return values.select(1, columns[0]);
        if (columns.Length != values.size(0))
            throw new ArgumentException($"the metric has {columns.Length} {what} for a batch of {values.size(0)}; give one, or one a sequence");
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(values.gather(1, LogitMetric.Index(columns, values.device).unsqueeze(1)).squeeze(1));
    }
}
