using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Superposition;

/// <summary>How features share dimensions (Elhage et al. 2022).</summary>
/// <remarks>All take W [instances…, feature, hidden], in the element type of W, with a row for each feature.</remarks>
public static class FeatureGeometry
{
    /// <summary>
    /// Dᵢ = ‖Wᵢ‖² / Σⱼ (Ŵᵢ·Wⱼ)² [instances…, feature]: the share of a dimension that a feature has. 1 is a dimension of
    /// its own, ½ half of an antipodal pair, ⅔ a triangle, ¾ a tetrahedron, ⅖ a pentagon, ⅜ a square antiprism, 0 not
    /// learned.
    /// </summary>
    public static Tensor Dimensionality(Tensor w)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var norms = Norms(w);
        var shares = Unit(w, norms).MatMul(w.transpose(-2, -1)).square().sum(-1);
        return scope.MoveToOuter(torch.where(norms.eq(0), 0.0,
            norms.square() / torch.where(shares.eq(0), 1.0, shares)));
    }

    /// <summary>D* = m / ‖W‖² [instances…]: dimensions for each feature that is learned; it sticks at 1 and
    /// ½.</summary>
    public static Tensor DimensionsPerFeature(Tensor w)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(w.size(-1) / w.square().sum([-2, -1]));
    }

    /// <summary>Σ over j ≠ i of (Ŵᵢ·Wⱼ)² [instances…, feature]: how far other features reach into a feature's
    /// direction.</summary>
    public static Tensor Interference(Tensor w)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var norms = Norms(w);
        var all = Unit(w, norms).MatMul(w.transpose(-2, -1)).square().sum(-1);
        return scope.MoveToOuter((all - norms.square()).clamp_min(0));
    }

    /// <summary>
    /// (Σᵢ Wᵢₖ²)² / Σᵢ Wᵢₖ⁴ [instances…, hidden]: how many features hidden dimension k carries, where dimensions mean
    /// something by themselves. 1 is a neuron of one feature, n one that all features share alike, 0 one without
    /// weights.
    /// </summary>
    public static Tensor FeaturesPerNeuron(Tensor w)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var squares = w.square();
        var (sum, fourth) = (squares.sum(-2), squares.square().sum(-2));
        return scope.MoveToOuter(torch.where(fourth.eq(0), 0.0,
            sum.square() / torch.where(fourth.eq(0), 1.0, fourth)));
    }

    /// <summary>How many features are learned [instances…]: those whose direction is longer than a half.</summary>
    public static Tensor Learned(Tensor w)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Norms(w).gt(0.5).sum(-1));
    }

    /// <summary>
    /// The cosine of every feature of even number with its neighbour [instances…, feature / 2]: of pairs that are
    /// correlated or anticorrelated.
    /// </summary>
    /// <exception cref="ArgumentException">The number of features is odd.</exception>
    public static Tensor PairCosines(Tensor w)
    {
        if (w.size(-2) % 2 != 0) throw new ArgumentException($"{w.size(-2)} features are no pairs; give an even number");
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var pairs = Unit(w, Norms(w)).SplitDimension(-2, w.size(-2) / 2, 2); // [instances…, pair, 2, hidden]
        return scope.MoveToOuter((pairs.select(-2, 0) * pairs.select(-2, 1)).sum(-1));
    }

    /// <summary>
    /// The mean squared cosine of different features of one block, and of features of different blocks: a block that is
    /// a local orthogonal basis has 0 within.
    /// </summary>
    /// <param name="w">[feature, hidden] of one model.</param>
    /// <param name="size">Features of a block; it divides their number and is less than it.</param>
    /// <exception cref="ArgumentException">The features are not several blocks of at least two.</exception>
    public static (double Within, double Across) BlockOverlap(Tensor w, int size)
    {
        var features = w.size(0);
        if (size < 2 || size >= features || features % size != 0)
            throw new ArgumentException($"{features} features are not several blocks of {size}, at least 2 each");
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var unit = Unit(w, Norms(w));
        var squares = unit.MatMul(unit.t()).square();
        var block = torch.arange(features, device: w.device) / size;
        var same = block.floor().unsqueeze(0).eq(block.floor().unsqueeze(1));
        var (within, all) = (squares.masked_fill(~same, 0.0).sum().ToDouble(), squares.sum().ToDouble());
        var itself = squares.diagonal().sum().ToDouble();
        return ((within - itself) / (features * (size - 1)), (all - within) / (features * (features - size)));
    }

    /// <summary>For each true direction the largest cosine with a learned one, on average; 1 is full
    /// recovery.</summary>
    /// <param name="learned">[features, width]</param>
    /// <param name="truth">[features, width]</param>
    public static double MeanMaxCosine(Tensor learned, Tensor truth)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var cosines = Unit(truth, Norms(truth)).MatMul(Unit(learned, Norms(learned)).t());
        return cosines.amax(1).mean().ToDouble();
    }

    private static Tensor Norms(Tensor w) => torch.linalg.vector_norm(w, 2, [-1]);

    private static Tensor Unit(Tensor w, Tensor norms) => w / torch.where(norms.eq(0), 1.0, norms).unsqueeze(-1);
}
