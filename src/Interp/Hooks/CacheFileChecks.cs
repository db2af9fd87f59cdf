using Interp.Models;
using Interp.Weights;

namespace Interp.Hooks;

/// <summary>Whether the tensors of a file can be activations of a model.</summary>
internal static class CacheFileChecks
{
    private const string Gradient = "_grad";

    /// <exception cref="WeightsFormatException">A name is no hook of the model, or a shape does not fit it.</exception>
    internal static void Check(WeightFile file, HookedTransformer model, bool hasBatchDim)
    {
        foreach (var tensor in file.Tensors)
        {
            var point = tensor.Name.EndsWith(Gradient, StringComparison.Ordinal)
                ? tensor.Name[..^Gradient.Length] : tensor.Name;
            if (!model.Hooks.Contains(point))
                throw new WeightsFormatException(file.Path, $"tensor '{tensor.Name}'",
                    $"{model.Config.ModelName} has no such hook",
                    $"a name such as '{NearestNames.Of(point, model.Hooks.Points.Select(p => p.Name), 1)[0]}'");
            CheckShape(file, tensor, model.Hooks[point], model.Config, hasBatchDim);
        }
    }

    private static void CheckShape(WeightFile file, TensorInfo tensor, HookPoint point, HookedTransformerConfig config,
        bool hasBatchDim)
    {
        var dimensions = point.Dimensions.Skip(!hasBatchDim && point.Dimensions[0] == "batch" ? 1 : 0).ToList();
        var fits = tensor.Shape.Length == dimensions.Count
            && dimensions.Zip(tensor.Shape).All(pair => PointSize.Fixed(pair.First, config) is not { } size
                || size == pair.Second);
        if (!fits)
            throw new WeightsFormatException(file.Path, $"tensor '{tensor.Name}'",
                $"its shape is [{string.Join(", ", tensor.Shape)}]",
                $"[{string.Join(", ", dimensions.Select(d => Describe(d, config)))}]");
    }

    private static string Describe(string dimension, HookedTransformerConfig config) =>
        PointSize.Fixed(dimension, config) is { } size ? $"{dimension} = {size}" : dimension;
}
