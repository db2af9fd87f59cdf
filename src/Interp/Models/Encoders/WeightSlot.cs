using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>One tensor of a model: its name, and the shape that a configuration asks for.</summary>
/// <param name="Name">The name.</param>
/// <param name="Tensor">The tensor.</param>
/// <param name="Shape">What it must be.</param>
internal readonly record struct WeightSlot(string Name, Tensor Tensor, long[] Shape)
{
    /// <summary>Checks shapes and element types.</summary>
    /// <exception cref="ArgumentException">A weight does not fit; the message names it.</exception>
    internal static void Check(IEnumerable<WeightSlot> slots, ScalarType dtype)
    {
        foreach (var (name, tensor, shape) in slots)
        {
            if (!tensor.shape.AsSpan().SequenceEqual(shape))
                throw new ArgumentException(
                    $"weight '{name}' has the shape [{string.Join(", ", tensor.shape)}], the configuration asks for [{string.Join(", ", shape)}]");
            if (tensor.dtype != dtype)
                throw new ArgumentException($"weight '{name}' is {tensor.dtype.TorchName()}, the configuration says {dtype.TorchName()}");
        }
    }

    internal static IEnumerable<WeightSlot> Of(string prefix, AttentionWeights attention, long width, long inner) =>
    [
        .. Of(prefix + "W_QKV", prefix + "b_QKV", attention.Qkv, width, 3 * inner),
        .. Of(prefix + "W_O", prefix + "b_O", attention.Out, inner, width),
    ];

    internal static IEnumerable<WeightSlot> Of(string prefix, MlpWeights mlp, long width, long neurons) =>
    [
        .. Of(prefix + "W_in", prefix + "b_in", mlp.In, width, neurons),
        .. Of(prefix + "W_gate", prefix + "b_gate", mlp.Gate, width, neurons),
        .. Of(prefix + "W_out", prefix + "b_out", mlp.Out, neurons, width),
    ];

    internal static IEnumerable<WeightSlot> Of(string weight, string bias, LinearWeights? linear, long input, long output)
    {
        if (linear is null) yield break;
        yield return new(weight, linear.Weight, [input, output]);
        if (linear.Bias is not null) yield return new(bias, linear.Bias, [output]);
    }

    internal static IEnumerable<WeightSlot> Of(string name, NormWeights? norm, long width)
    {
        if (norm?.Weight is not null) yield return new(name + ".w", norm.Weight, [width]);
        if (norm?.Bias is not null) yield return new(name + ".b", norm.Bias, [width]);
    }
}
