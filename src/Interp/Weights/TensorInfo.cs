using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Weights;

/// <summary>What a weight file says about one tensor, known without reading its data.</summary>
/// <param name="Name">The name under which <see cref="WeightFile.Load"/> loads it.</param>
/// <param name="DType">The element type in the file.</param>
/// <param name="Shape">The size of each dimension; empty for a scalar.</param>
/// <param name="Bytes">The size of its elements in the file, in bytes.</param>
public sealed record TensorInfo(string Name, WeightDType DType, long[] Shape, long Bytes)
{
    /// <summary>The type of the loaded tensor; null where the stored type cannot be loaded.</summary>
    public ScalarType? LoadsAs => DType.LoadsAs();

    /// <summary>The name, type and shape: <c>wte.weight F32 [53, 64]</c>.</summary>
    public override string ToString() => $"{Name} {DType.SafeTensorsName()} [{string.Join(", ", Shape)}]";
}
