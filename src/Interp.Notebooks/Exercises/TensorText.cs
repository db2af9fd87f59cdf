using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Exercises;

/// <summary>Short texts about tensors.</summary>
internal static class TensorText
{
    public static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    /// <summary>The place of an element, counted in row-major order: <c>[0, 2, 1]</c>.</summary>
    public static string Place(long index, long[] shape)
    {
        var place = new long[shape.Length];
        for (var dim = shape.Length - 1; dim >= 0; dim--) (index, place[dim]) = (index / shape[dim], index % shape[dim]);
        return $"[{string.Join(", ", place)}]";
    }
}
