using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Linear;

/// <summary>How much of what an earlier head writes a later one reads, from weights alone.</summary>
/// <remarks>
/// In rows, with L = W_V W_O of the earlier head and R = W_Q W_Kᵀ (queries), its transposed (keys) or W_V W_O (values)
/// of the later one, the score is ‖L R‖ / (‖L‖ ‖R‖) in Frobenius norms (Elhage et al. 2021). Matrices without any
/// relation have a score too, of about 1/√d_model: <see cref="Baseline"/> is what to compare with.
/// </remarks>
public static class CompositionScores
{
    /// <summary>The scores of all pairs of heads.</summary>
    /// <returns>[layer, head, later layer, later head]; zero where the second layer is not later.</returns>
    public static Tensor AllCompositionScores(this HookedTransformer model, CompositionMode mode)
    {
        using var scope = torch.NewDisposeScope();
        var right = mode switch
        {
            CompositionMode.Q => model.QK(),
            CompositionMode.K => model.QK().T,
            _ => model.OV(),
        };
        var scores = OfAllPairs(model.OV(), right); // [layer, head, layer, head]
        var layers = torch.arange(model.Config.NLayers, device: model.Device);
        var later = layers.view(-1, 1, 1, 1).lt(layers.view(1, 1, -1, 1));
        return scope.MoveToOuter(scores.masked_fill(~later, 0.0));
    }

    /// <summary>‖L R‖ / (‖L‖ ‖R‖) for two matrices, or for batches of them one by one.</summary>
    public static Tensor Of(FactoredMatrix left, FactoredMatrix right)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter((left * right).Norm() / left.Norm() / right.Norm());
    }

    /// <summary>The scores of every left with every right matrix [.. of left, .. of right].</summary>
    public static Tensor OfAllPairs(FactoredMatrix left, FactoredMatrix right)
    {
        using var scope = torch.NewDisposeScope();
        var (lefts, rights) = (left.Shape[..^2], right.Shape[..^2]);
        // Norms see an orthogonal factor on neither side: each side is one matrix as thin as its rank.
        var l = left.CollapseL().flatten(0, Math.Max(lefts.Length - 1, 0)); // [n, rank, middle]
        var r = right.CollapseR().flatten(0, Math.Max(rights.Length - 1, 0)); // [m, middle, rank]
        if (lefts.Length == 0) l = left.CollapseL().unsqueeze(0);
        if (rights.Length == 0) r = right.CollapseR().unsqueeze(0);
        var products = l.unsqueeze(1).MatMul(r.unsqueeze(0)); // [n, m, rank, rank]
        var norms = torch.linalg.matrix_norm(l).unsqueeze(1) * torch.linalg.matrix_norm(r).unsqueeze(0);
        return scope.MoveToOuter((torch.linalg.matrix_norm(products) / norms).view([.. lefts, .. rights]));
    }

    /// <summary>
    /// The score that heads of a model's shape have by chance: mean and standard deviation over pairs of matrices whose
    /// factors are normally distributed. Its square has the mean 1/d_model whatever the ranks.
    /// </summary>
    /// <param name="model">Gives d_model and d_head.</param>
    /// <param name="generator">The randomness.</param>
    /// <param name="samples">Pairs; <value>100</value>.</param>
    public static (double Mean, double Deviation) Baseline(HookedTransformer model, Generator generator,
        int samples = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        using var scope = torch.NewDisposeScope();
        var (wide, narrow) = (model.Config.DModel, model.Config.DHead);
        FactoredMatrix Random() =>
            new(torch.randn([samples, wide, narrow], generator: generator), torch.randn([samples, narrow, wide], generator: generator));
        var (deviation, mean) = Of(Random(), Random()).std_mean([0]);
        return (mean.ToSingle(), deviation.ToSingle());
    }
}
