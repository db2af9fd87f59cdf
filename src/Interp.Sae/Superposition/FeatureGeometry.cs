using Interp.Torch;

namespace Interp.Sae.Superposition;

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
        var shares = Unit(w, norms).matmul(w.transpose(-2, -1)).square().sum(-1);
        return scope.MoveToOuter(torch.where(norms.eq(0), 0.0,
            norms.square() / torch.where(shares.eq(0), 1.0, shares)));
    }

    /// <summary>D* = m / ‖W‖² [instances…]: dimensions for each feature that is learned; it sticks at 1 and
    /// ½.</summary>
    public static Tensor DimensionsPerFeature(Tensor w)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(w.size(w.dim() - 1) / w.square().sum([-2, -1]));
    }

    /// <summary>Σ over j ≠ i of (Ŵᵢ·Wⱼ)² [instances…, feature]: how far other features reach into a feature's
    /// direction.</summary>
    public static Tensor Interference(Tensor w)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var norms = Norms(w);
        var all = Unit(w, norms).matmul(w.transpose(-2, -1)).square().sum(-1);
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

    /// <summary>For each true direction the largest cosine with a learned one, on average; 1 is full
    /// recovery.</summary>
    /// <param name="learned">[features, width]</param>
    /// <param name="truth">[features, width]</param>
    public static double MeanMaxCosine(Tensor learned, Tensor truth)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var cosines = Unit(truth, Norms(truth)).matmul(Unit(learned, Norms(learned)).t());
        return cosines.amax(1).mean().item<double>();
    }

    private static Tensor Norms(Tensor w) => torch.linalg.vector_norm(w, 2, [-1]);

    private static Tensor Unit(Tensor w, Tensor norms) => w / torch.where(norms.eq(0), 1.0, norms).unsqueeze(-1);
}
