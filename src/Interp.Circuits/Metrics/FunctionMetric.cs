using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Metrics;

/// <summary>A function that the user wrote.</summary>
internal sealed class FunctionMetric(Func<Tensor, Tensor> function, string name, IReadOnlyList<int>? positions)
    : LogitMetric
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override IReadOnlyList<int>? Positions => positions;

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        var value = function(logits);
        if (value.numel() != 1)
            throw new ArgumentException($"the metric '{name}' returned [{string.Join(", ", value.shape)}]; it must be one number");
        return scope.MoveToOuter(value.dim() == 0
            ? ReferenceEquals(value, logits) ? value.alias() : value : value.reshape([]));
    }
}
