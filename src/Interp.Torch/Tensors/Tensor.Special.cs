using Interp.Torch.Engine;

namespace Interp.Torch;

// Less common functions of single elements.
public sealed partial class Tensor
{
    private static readonly Operator LogitOp = Operator.Get("aten::logit");
    private static readonly Operator HeavisideOp = Operator.Get("aten::heaviside");
    private static readonly Operator ErfinvOp = Operator.Get("aten::erfinv");
    private static readonly Operator LgammaOp = Operator.Get("aten::lgamma");
    private static readonly Operator XlogyTensorOp = Operator.Get("aten::xlogy.Tensor");
    private static readonly Operator LogaddexpOp = Operator.Get("aten::logaddexp");
    private static readonly Operator FmodScalarOp = Operator.Get("aten::fmod.Scalar");
    private static readonly Operator FloorDivideOp = Operator.Get("aten::floor_divide");
    private static readonly Operator FloorDivideScalarOp = Operator.Get("aten::floor_divide.Scalar");
    private static readonly Operator ClampMaxOp = Operator.Get("aten::clamp_max");
    private static readonly Operator ClampTensorOp = Operator.Get("aten::clamp.Tensor");
    private static readonly Operator LerpTensorOp = Operator.Get("aten::lerp.Tensor");
    private static readonly Operator LogInPlaceOp = Operator.Get("aten::log_");
    private static readonly Operator RsqrtInPlaceOp = Operator.Get("aten::rsqrt_");
    private static readonly Operator PowInPlaceScalarOp = Operator.Get("aten::pow_.Scalar");
    private static readonly Operator ErfinvInPlaceOp = Operator.Get("aten::erfinv_");

    /// <summary>log(x / (1 − x)), with x limited to [eps, 1 − eps] where eps is given.</summary>
    public Tensor logit(double? eps = null) => LogitOp.Call(this, eps);

    /// <summary>0 for negative elements, 1 for positive ones, the value given for 0.</summary>
    public Tensor heaviside(Tensor atZero) => HeavisideOp.Call(this, atZero);

    /// <summary>Inverse of the error function.</summary>
    public Tensor erfinv() => ErfinvOp.Call(this);

    /// <summary>Logarithm of the gamma function.</summary>
    public Tensor lgamma() => LgammaOp.Call(this);

    /// <summary>x · log(y), 0 where x is 0.</summary>
    public Tensor xlogy(Tensor other) => XlogyTensorOp.Call(this, other);

    /// <summary>log(exp(a) + exp(b)) without overflow.</summary>
    public Tensor logaddexp(Tensor other) => LogaddexpOp.Call(this, other);

    /// <summary>Remainder with the sign of the dividend, as C#'s %.</summary>
    public Tensor fmod(Scalar other) => FmodScalarOp.Call(this, other);

    /// <summary>Quotient rounded down.</summary>
    public Tensor floor_divide(Tensor other) => FloorDivideOp.Call(this, other);

    /// <summary>Quotient rounded down.</summary>
    public Tensor floor_divide(Scalar other) => FloorDivideScalarOp.Call(this, other);

    /// <summary>Every element at most <paramref name="max"/>.</summary>
    public Tensor clamp_max(Scalar max) => ClampMaxOp.Call(this, max);

    /// <summary>Every element limited to a range of its own; null leaves a side open.</summary>
    public Tensor clamp(Tensor? min, Tensor? max) => ClampTensorOp.Call(this, min, max);

    /// <summary>this + weight · (end − this), a weight for every element.</summary>
    public Tensor lerp(Tensor end, Tensor weight) => LerpTensorOp.Call(this, end, weight);

    /// <summary>Natural logarithm, in place.</summary>
    public Tensor log_()
    {
        LogInPlaceOp.CallInPlace(this);
        return this;
    }

    /// <summary>One over the square root, in place.</summary>
    public Tensor rsqrt_()
    {
        RsqrtInPlaceOp.CallInPlace(this);
        return this;
    }

    /// <summary>Every element to a power, in place.</summary>
    public Tensor pow_(Scalar exponent)
    {
        PowInPlaceScalarOp.CallInPlace(this, exponent);
        return this;
    }

    /// <summary>Inverse of the error function, in place.</summary>
    public Tensor erfinv_()
    {
        ErfinvInPlaceOp.CallInPlace(this);
        return this;
    }
}
