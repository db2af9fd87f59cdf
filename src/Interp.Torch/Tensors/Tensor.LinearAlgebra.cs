using Interp.Torch.Engine;

namespace Interp.Torch;

// Matrix products; decompositions are in torch.linalg.
public sealed partial class Tensor
{
    private static readonly Operator MatmulOp = Operator.Get("aten::matmul");
    private static readonly Operator MmOp = Operator.Get("aten::mm");
    private static readonly Operator BmmOp = Operator.Get("aten::bmm");
    private static readonly Operator MvOp = Operator.Get("aten::mv");
    private static readonly Operator DotOp = Operator.Get("aten::dot");
    private static readonly Operator OuterOp = Operator.Get("aten::outer");
    private static readonly Operator BaddbmmOp = Operator.Get("aten::baddbmm");
    private static readonly Operator AddmmInPlaceOp = Operator.Get("aten::addmm_");
    private static readonly Operator TraceOp = Operator.Get("aten::trace");
    private static readonly Operator InverseOp = Operator.Get("aten::inverse");
    private static readonly Operator MatrixPowerOp = Operator.Get("aten::matrix_power");

    /// <summary>Matrix product; more dimensions are batches, with broadcasting.</summary>
    public Tensor matmul(Tensor other) => MatmulOp.Call(this, other);

    /// <summary>Product of two matrices.</summary>
    public Tensor mm(Tensor other) => MmOp.Call(this, other);

    /// <summary>Products of two batches of matrices [b, n, k] · [b, k, m].</summary>
    public Tensor bmm(Tensor other) => BmmOp.Call(this, other);

    /// <summary>Matrix times vector.</summary>
    public Tensor mv(Tensor vector) => MvOp.Call(this, vector);

    /// <summary>Scalar product of two vectors.</summary>
    public Tensor dot(Tensor other) => DotOp.Call(this, other);

    /// <summary>Outer product of two vectors.</summary>
    public Tensor outer(Tensor other) => OuterOp.Call(this, other);

    /// <summary>beta · this + alpha · a · b over batches.</summary>
    public Tensor baddbmm(Tensor a, Tensor b, Scalar beta, Scalar alpha) => BaddbmmOp.Call(this, a, b, beta, alpha);

    /// <summary>beta · this + alpha · a · b, in place.</summary>
    public Tensor addmm_(Tensor a, Tensor b, Scalar beta, Scalar alpha)
    {
        AddmmInPlaceOp.CallInPlace(this, a, b, beta, alpha);
        return this;
    }

    /// <summary>Sum of the diagonal of a matrix.</summary>
    public Tensor trace() => TraceOp.Call(this);

    /// <summary>Inverse of a square matrix.</summary>
    public Tensor inverse() => InverseOp.Call(this);

    /// <summary>A square matrix to an integer power.</summary>
    public Tensor matrix_power(long n) => MatrixPowerOp.Call(this, n);
}
