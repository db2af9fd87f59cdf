using Interp.Torch.Engine;

namespace Interp.Torch;

// Comparisons, conditions and masks.
public sealed partial class Tensor
{
    private static readonly Operator EqTensorOp = Operator.Get("aten::eq.Tensor");
    private static readonly Operator EqScalarOp = Operator.Get("aten::eq.Scalar");
    private static readonly Operator NeTensorOp = Operator.Get("aten::ne.Tensor");
    private static readonly Operator NeScalarOp = Operator.Get("aten::ne.Scalar");
    private static readonly Operator LtTensorOp = Operator.Get("aten::lt.Tensor");
    private static readonly Operator LtScalarOp = Operator.Get("aten::lt.Scalar");
    private static readonly Operator LeTensorOp = Operator.Get("aten::le.Tensor");
    private static readonly Operator LeScalarOp = Operator.Get("aten::le.Scalar");
    private static readonly Operator GtTensorOp = Operator.Get("aten::gt.Tensor");
    private static readonly Operator GtScalarOp = Operator.Get("aten::gt.Scalar");
    private static readonly Operator GeTensorOp = Operator.Get("aten::ge.Tensor");
    private static readonly Operator GeScalarOp = Operator.Get("aten::ge.Scalar");
    private static readonly Operator LogicalAndOp = Operator.Get("aten::logical_and");
    private static readonly Operator LogicalOrOp = Operator.Get("aten::logical_or");
    private static readonly Operator LogicalXorOp = Operator.Get("aten::logical_xor");
    private static readonly Operator WhereSelfOp = Operator.Get("aten::where.self");
    private static readonly Operator MaskedFillScalarOp = Operator.Get("aten::masked_fill.Scalar");
    private static readonly Operator MaskedFillScalarInPlaceOp = Operator.Get("aten::masked_fill_.Scalar");
    private static readonly Operator MaskedSelectOp = Operator.Get("aten::masked_select");
    private static readonly Operator IscloseOp = Operator.Get("aten::isclose");

    /// <summary>True where an element is equal to the other.</summary>
    public Tensor eq(Tensor other) => EqTensorOp.Call(this, other);

    /// <summary>True where an element is equal to a number.</summary>
    public Tensor eq(Scalar other) => EqScalarOp.Call(this, other);

    /// <summary>True where an element is different from the other.</summary>
    public Tensor ne(Tensor other) => NeTensorOp.Call(this, other);

    /// <summary>True where an element is different from a number.</summary>
    public Tensor ne(Scalar other) => NeScalarOp.Call(this, other);

    /// <summary>True where an element is less than the other.</summary>
    public Tensor lt(Tensor other) => LtTensorOp.Call(this, other);

    /// <summary>True where an element is less than a number.</summary>
    public Tensor lt(Scalar other) => LtScalarOp.Call(this, other);

    /// <summary>True where an element is at most the other.</summary>
    public Tensor le(Tensor other) => LeTensorOp.Call(this, other);

    /// <summary>True where an element is at most a number.</summary>
    public Tensor le(Scalar other) => LeScalarOp.Call(this, other);

    /// <summary>True where an element is greater than the other.</summary>
    public Tensor gt(Tensor other) => GtTensorOp.Call(this, other);

    /// <summary>True where an element is greater than a number.</summary>
    public Tensor gt(Scalar other) => GtScalarOp.Call(this, other);

    /// <summary>True where an element is at least the other.</summary>
    public Tensor ge(Tensor other) => GeTensorOp.Call(this, other);

    /// <summary>True where an element is at least a number.</summary>
    public Tensor ge(Scalar other) => GeScalarOp.Call(this, other);

    /// <summary>True where both are not zero.</summary>
    public Tensor logical_and(Tensor other) => LogicalAndOp.Call(this, other);

    /// <summary>True where at least one is not zero.</summary>
    public Tensor logical_or(Tensor other) => LogicalOrOp.Call(this, other);

    /// <summary>True where exactly one is not zero.</summary>
    public Tensor logical_xor(Tensor other) => LogicalXorOp.Call(this, other);

    /// <summary>This element where the condition is true, else the other.</summary>
    public Tensor where(Tensor condition, Tensor other) => WhereSelfOp.Call(condition, this, other);

    /// <summary>A copy with a number where the mask is true.</summary>
    public Tensor masked_fill(Tensor mask, Scalar value) => MaskedFillScalarOp.Call(this, mask, value);

    /// <summary>A number where the mask is true, in place.</summary>
    public Tensor masked_fill_(Tensor mask, Scalar value)
    {
        MaskedFillScalarInPlaceOp.CallInPlace(this, mask, value);
        return this;
    }

    /// <summary>The elements where the mask is true, in one dimension.</summary>
    public Tensor masked_select(Tensor mask) => MaskedSelectOp.Call(this, mask);

    /// <summary>True where |a − b| ≤ atol + rtol · |b|.</summary>
    public Tensor isclose(Tensor other, double rtol = 1e-5, double atol = 1e-8) =>
        IscloseOp.Call(this, other, rtol, atol);
}
