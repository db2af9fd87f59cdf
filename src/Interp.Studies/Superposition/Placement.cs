using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Superposition;

/// <summary>One way to place features in a hidden space, and what it costs.</summary>
/// <param name="Name">What it is called; placements that differ by symmetry alone share a name.</param>
/// <param name="Gram">W Wᵀ: the cosines of the features' directions, and 0 for those left out.</param>
/// <param name="Loss">The expected loss.</param>
public sealed record Placement(string Name, double[,] Gram, double Loss)
{
    /// <summary>The placement of least loss.</summary>
    public static Placement Best(IReadOnlyList<Placement> placements) => placements.MinBy(p => p.Loss)!;

    /// <summary>The placement that a trained model is in: the one whose Gram matrix is nearest.</summary>
    /// <param name="w">The directions [feature, hidden] of one model.</param>
    /// <param name="placements">The candidates.</param>
    public static Placement Nearest(Tensor w, IReadOnlyList<Placement> placements)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var gram = w.MatMul(w.t()).to(ScalarType.Float64).ToArray<double>();
        return placements.MinBy(p => p.Gram.Cast<double>().Zip(gram).Sum(pair => Square(pair.First - pair.Second)))!;
    }

    private static double Square(double x) => x * x;
}
