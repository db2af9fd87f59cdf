using Interp.Torch.Engine;

namespace Interp.Torch;

// Arithmetic by name; the operators +, −, *, / are in Tensor.Operators.cs.
public sealed partial class Tensor
{
    private static readonly Operator AddTensorOp = Operator.Get("aten::add.Tensor");
    private static readonly Operator AddScalarOp = Operator.Get("aten::add.Scalar");
    private static readonly Operator AddTensorInPlaceOp = Operator.Get("aten::add_.Tensor");
    private static readonly Operator AddScalarInPlaceOp = Operator.Get("aten::add_.Scalar");
    private static readonly Operator SubTensorOp = Operator.Get("aten::sub.Tensor");
    private static readonly Operator SubScalarOp = Operator.Get("aten::sub.Scalar");
    private static readonly Operator SubTensorInPlaceOp = Operator.Get("aten::sub_.Tensor");
    private static readonly Operator SubScalarInPlaceOp = Operator.Get("aten::sub_.Scalar");
    private static readonly Operator MulTensorOp = Operator.Get("aten::mul.Tensor");
    private static readonly Operator MulScalarOp = Operator.Get("aten::mul.Scalar");
    private static readonly Operator MulTensorInPlaceOp = Operator.Get("aten::mul_.Tensor");
    private static readonly Operator MulScalarInPlaceOp = Operator.Get("aten::mul_.Scalar");
    private static readonly Operator DivTensorOp = Operator.Get("aten::div.Tensor");
    private static readonly Operator DivScalarOp = Operator.Get("aten::div.Scalar");
    private static readonly Operator DivTensorInPlaceOp = Operator.Get("aten::div_.Tensor");
    private static readonly Operator DivScalarInPlaceOp = Operator.Get("aten::div_.Scalar");
    private static readonly Operator DivTensorModeOp = Operator.Get("aten::div.Tensor_mode");
    private static readonly Operator RemainderScalarOp = Operator.Get("aten::remainder.Scalar");
    private static readonly Operator RemainderTensorOp = Operator.Get("aten::remainder.Tensor");
    private static readonly Operator NegOp = Operator.Get("aten::neg");
    private static readonly Operator PowTensorScalarOp = Operator.Get("aten::pow.Tensor_Scalar");
    private static readonly Operator PowTensorTensorOp = Operator.Get("aten::pow.Tensor_Tensor");
    private static readonly Operator AddcmulOp = Operator.Get("aten::addcmul");
    private static readonly Operator AddcmulInPlaceOp = Operator.Get("aten::addcmul_");
    private static readonly Operator AddcdivInPlaceOp = Operator.Get("aten::addcdiv_");
    private static readonly Operator LerpScalarOp = Operator.Get("aten::lerp.Scalar");
    private static readonly Operator LerpScalarInPlaceOp = Operator.Get("aten::lerp_.Scalar");

    /// <summary>Sum of elements, with broadcasting.</summary>
    public Tensor add(Tensor other) => AddTensorOp.Call(this, other);

    /// <summary>Sum of every element and a number.</summary>
    public Tensor add(Scalar other) => AddScalarOp.Call(this, other);

    /// <summary>Sum of elements, in place.</summary>
    public Tensor add_(Tensor other)
    {
        AddTensorInPlaceOp.CallInPlace(this, other);
        return this;
    }

    /// <summary>Sum of every element and a number, in place.</summary>
    public Tensor add_(Scalar other)
    {
        AddScalarInPlaceOp.CallInPlace(this, other);
        return this;
    }

    /// <summary>Difference of elements, with broadcasting.</summary>
    public Tensor sub(Tensor other) => SubTensorOp.Call(this, other);

    /// <summary>Difference of every element and a number.</summary>
    public Tensor sub(Scalar other) => SubScalarOp.Call(this, other);

    /// <summary>Difference of elements, in place.</summary>
    public Tensor sub_(Tensor other)
    {
        SubTensorInPlaceOp.CallInPlace(this, other);
        return this;
    }

    /// <summary>Difference of every element and a number, in place.</summary>
    public Tensor sub_(Scalar other)
    {
        SubScalarInPlaceOp.CallInPlace(this, other);
        return this;
    }

    /// <summary>Product of elements, with broadcasting.</summary>
    public Tensor mul(Tensor other) => MulTensorOp.Call(this, other);

    /// <summary>Product of every element and a number.</summary>
    public Tensor mul(Scalar other) => MulScalarOp.Call(this, other);

    /// <summary>Product of elements, in place.</summary>
    public Tensor mul_(Tensor other)
    {
        MulTensorInPlaceOp.CallInPlace(this, other);
        return this;
    }

    /// <summary>Product of every element and a number, in place.</summary>
    public Tensor mul_(Scalar other)
    {
        MulScalarInPlaceOp.CallInPlace(this, other);
        return this;
    }

    /// <summary>Quotient of elements, with broadcasting; integers give floats.</summary>
    public Tensor div(Tensor other) => DivTensorOp.Call(this, other);

    /// <summary>Quotient of every element and a number.</summary>
    public Tensor div(Scalar other) => DivScalarOp.Call(this, other);

    /// <summary>Quotient of elements, in place.</summary>
    public Tensor div_(Tensor other)
    {
        DivTensorInPlaceOp.CallInPlace(this, other);
        return this;
    }

    /// <summary>Quotient of every element and a number, in place.</summary>
    public Tensor div_(Scalar other)
    {
        DivScalarInPlaceOp.CallInPlace(this, other);
        return this;
    }

    /// <summary>this + alpha · other.</summary>
    public Tensor add(Tensor other, Scalar alpha) => AddTensorOp.Call(this, other, alpha);

    /// <summary>this + alpha · other, in place.</summary>
    public Tensor add_(Tensor other, Scalar alpha)
    {
        AddTensorInPlaceOp.CallInPlace(this, other, alpha);
        return this;
    }

    /// <summary>this − alpha · other, in place.</summary>
    public Tensor sub_(Tensor other, Scalar alpha)
    {
        SubTensorInPlaceOp.CallInPlace(this, other, alpha);
        return this;
    }

    /// <summary>Quotient rounded <c>"floor"</c> or <c>"trunc"</c>.</summary>
    public Tensor div(Tensor other, string roundingMode) => DivTensorModeOp.Call(this, other, roundingMode);

    /// <summary>Remainder with the sign of the divisor, as Python's %.</summary>
    public Tensor remainder(Scalar other) => RemainderScalarOp.Call(this, other);

    /// <summary>Remainder with the sign of the divisor, as Python's %.</summary>
    public Tensor remainder(Tensor other) => RemainderTensorOp.Call(this, other);

    /// <summary>Every element with its sign turned.</summary>
    public Tensor neg() => NegOp.Call(this);

    /// <summary>Every element to a power.</summary>
    public Tensor pow(Scalar exponent) => PowTensorScalarOp.Call(this, exponent);

    /// <summary>Element by element to a power.</summary>
    public Tensor pow(Tensor exponent) => PowTensorTensorOp.Call(this, exponent);

    /// <summary>this + value · a · b.</summary>
    public Tensor addcmul(Tensor a, Tensor b, Scalar value) => AddcmulOp.Call(this, a, b, value);

    /// <summary>this + value · a · b, in place.</summary>
    public Tensor addcmul_(Tensor a, Tensor b, Scalar value)
    {
        AddcmulInPlaceOp.CallInPlace(this, a, b, value);
        return this;
    }

    /// <summary>this + value · a / b, in place.</summary>
    public Tensor addcdiv_(Tensor a, Tensor b, Scalar value)
    {
        AddcdivInPlaceOp.CallInPlace(this, a, b, value);
        return this;
    }

    /// <summary>this + weight · (end − this).</summary>
    public Tensor lerp(Tensor end, Scalar weight) => LerpScalarOp.Call(this, end, weight);

    /// <summary>this + weight · (end − this), in place.</summary>
    public Tensor lerp_(Tensor end, Scalar weight)
    {
        LerpScalarInPlaceOp.CallInPlace(this, end, weight);
        return this;
    }
}
