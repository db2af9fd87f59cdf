using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Parity;

/// <summary>How far two tensors are apart.</summary>
internal static class Difference
{
    /// <summary>The tolerance of parity with a reference implementation in single precision.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>The largest absolute difference. Equal infinities, as hidden scores are, differ by nothing.</summary>
    public static double Largest(string name, Tensor expected, Tensor actual)
    {
        Assert.True(expected.shape.SequenceEqual(actual.shape), $"{name}: [{Sizes(actual)}] in place of [{Sizes(expected)}]");
        using var scope = torch.NewDisposeScope();
        var (wanted, found) = (expected.to(ScalarType.Float64), actual.to(ScalarType.Float64));
        var apart = (wanted - found).abs().masked_fill(wanted.eq(found), 0.0);
        // A not-a-number in either is as far away as can be: comparisons with it are false.
        return apart.masked_fill(apart.isnan(), double.PositiveInfinity).max().ToDouble();
    }

    private static string Sizes(Tensor tensor) => string.Join(", ", tensor.shape);
}
