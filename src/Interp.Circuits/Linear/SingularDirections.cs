using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Linear;

/// <summary>Directions of the residual stream, by falling singular value, and what they mean in tokens.</summary>
/// <param name="Directions">Unit vectors [direction, d_model]; the sign of each is arbitrary.</param>
/// <param name="SingularValues">[direction]</param>
/// <param name="Logits">The directions through the unembedding [direction, outputs].</param>
public sealed record SingularDirections(Tensor Directions, Tensor SingularValues, Tensor Logits)
{
    /// <summary>
    /// The tokens that a direction raises most, and with <paramref name="opposite"/> those it lowers most.
    /// </summary>
    public IReadOnlyList<(long Token, double Logit)> Top(int direction, int count = 10, bool opposite = false)
    {
        using var scope = torch.NewDisposeScope();
        var row = Logits.select(0, direction);
        var (values, tokens) = row.topk((int)Math.Min(count, row.numel()), largest: !opposite);
        return [.. tokens.ToArray<long>().Zip(values.to(ScalarType.Float64).ToArray<double>())];
    }
}
