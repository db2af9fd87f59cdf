using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Linear;

// Singular values, eigenvalues, norm and trace, all from the factors.
public sealed partial class FactoredMatrix
{
    /// <summary>
    /// The singular value decomposition U · diag(S) · Vh, by QR of the factors: with A = Qa Ra and Bᵀ = Qb Rb the small
    /// matrix Ra Rbᵀ has the product's singular values, and Qa, Qb turn its singular vectors into the product's.
    /// </summary>
    /// <returns>
    /// U [.., left, rank], S [.., rank] falling, Vh [.., rank, right], with as many values as the smallest of left,
    /// inner and right. Singular vectors are unique up to sign. (TransformerLens gives V, not Vh, as the third.)
    /// </returns>
    public (Tensor U, Tensor S, Tensor Vh) Svd()
    {
        using var scope = torch.NewDisposeScope();
        var (qa, ra) = torch.linalg.qr(A);
        var (qb, rb) = torch.linalg.qr(B.mT);
        var (u, s, vh) = torch.linalg.svd(ra.MatMul(rb.mT), fullMatrices: false);
        return (scope.MoveToOuter(qa.MatMul(u)), scope.MoveToOuter(s), scope.MoveToOuter(vh.MatMul(qb.mT)));
    }

    /// <summary>The singular values [.., rank], falling.</summary>
    public Tensor SingularValues()
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.linalg.svdvals(Core()));
    }

    /// <summary>
    /// The eigenvalues of a square product that are not zero of necessity [.., inner], complex: those of B · A.
    /// </summary>
    /// <exception cref="InvalidOperationException">The product is not square.</exception>
    public Tensor Eigenvalues()
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.linalg.eigvals(BA));
    }

    /// <summary>The Frobenius norm of the product [..].</summary>
    public Tensor Norm()
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.linalg.matrix_norm(Core()));
    }

    /// <summary>The sum of the diagonal of a square product [..], which is the sum of its eigenvalues.</summary>
    /// <exception cref="InvalidOperationException">The product is not square.</exception>
    public Tensor Trace()
    {
        if (LeftDim != RightDim)
            throw new InvalidOperationException($"a trace needs a square product, and this is {LeftDim} × {RightDim}");
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter((A * B.mT).sum([-2, -1]));
    }

    /// <summary>The same matrix with even factors, U √S and √S Vh: both orthogonal but for the same scales.</summary>
    public FactoredMatrix MakeEven()
    {
        using var scope = torch.NewDisposeScope();
        var (u, s, vh) = Svd();
        var root = s.sqrt();
        return new FactoredMatrix(u * root.unsqueeze(-2), root.unsqueeze(-1) * vh).MoveToOuter(scope);
    }

    /// <summary>
    /// S · Vh [.., rank, right]: the product but for an orthogonal factor on the left, with its norms on the right.
    /// </summary>
    public Tensor CollapseL()
    {
        using var scope = torch.NewDisposeScope();
        var (_, s, vh) = Svd();
        return scope.MoveToOuter(s.unsqueeze(-1) * vh);
    }

    /// <summary>U · S [.., left, rank]: the product but for an orthogonal factor on the right.</summary>
    public Tensor CollapseR()
    {
        using var scope = torch.NewDisposeScope();
        var (u, s, _) = Svd();
        return scope.MoveToOuter(u * s.unsqueeze(-2));
    }

    /// <summary>Ra · Rbᵀ, as small as the rank, with the singular values and the norm of the product.</summary>
    private Tensor Core()
    {
        var (qa, ra) = torch.linalg.qr(A);
        var (qb, rb) = torch.linalg.qr(B.mT);
        qa.Dispose();
        qb.Dispose();
        return ra.MatMul(rb.mT);
    }
}
