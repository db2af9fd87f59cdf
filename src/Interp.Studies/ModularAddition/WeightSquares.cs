using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>The sum of the squares of all weights: what weight decay pulls down.</summary>
internal static class WeightSquares
{
    internal static double Of(HookedTransformer model)
    {
        using var scope = torch.NewDisposeScope();
        return model.Weights.Named().Sum(pair => pair.Tensor.detach().to(ScalarType.Float64).square().sum().ToDouble());
    }
}
