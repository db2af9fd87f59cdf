using Interp.Torch.Engine;

namespace Interp.Torch;

// Functions of single elements, and softmax.
public sealed partial class Tensor
{
    private static readonly Operator AbsOp = Operator.Get("aten::abs");
    private static readonly Operator ExpOp = Operator.Get("aten::exp");
    private static readonly Operator Expm1Op = Operator.Get("aten::expm1");
    private static readonly Operator LogOp = Operator.Get("aten::log");
    private static readonly Operator Log1pOp = Operator.Get("aten::log1p");
    private static readonly Operator Log2Op = Operator.Get("aten::log2");
    private static readonly Operator Log10Op = Operator.Get("aten::log10");
    private static readonly Operator SqrtOp = Operator.Get("aten::sqrt");
    private static readonly Operator RsqrtOp = Operator.Get("aten::rsqrt");
    private static readonly Operator SquareOp = Operator.Get("aten::square");
    private static readonly Operator ReciprocalOp = Operator.Get("aten::reciprocal");
    private static readonly Operator SignOp = Operator.Get("aten::sign");
    private static readonly Operator FloorOp = Operator.Get("aten::floor");
    private static readonly Operator CeilOp = Operator.Get("aten::ceil");
    private static readonly Operator RoundOp = Operator.Get("aten::round");
    private static readonly Operator TruncOp = Operator.Get("aten::trunc");
    private static readonly Operator FracOp = Operator.Get("aten::frac");
    private static readonly Operator SinOp = Operator.Get("aten::sin");
    private static readonly Operator CosOp = Operator.Get("aten::cos");
    private static readonly Operator TanOp = Operator.Get("aten::tan");
    private static readonly Operator AsinOp = Operator.Get("aten::asin");
    private static readonly Operator AcosOp = Operator.Get("aten::acos");
    private static readonly Operator AtanOp = Operator.Get("aten::atan");
    private static readonly Operator SinhOp = Operator.Get("aten::sinh");
    private static readonly Operator CoshOp = Operator.Get("aten::cosh");
    private static readonly Operator TanhOp = Operator.Get("aten::tanh");
    private static readonly Operator ErfOp = Operator.Get("aten::erf");
    private static readonly Operator SigmoidOp = Operator.Get("aten::sigmoid");
    private static readonly Operator ReluOp = Operator.Get("aten::relu");
    private static readonly Operator SiluOp = Operator.Get("aten::silu");
    private static readonly Operator IsnanOp = Operator.Get("aten::isnan");
    private static readonly Operator IsinfOp = Operator.Get("aten::isinf");
    private static readonly Operator IsfiniteOp = Operator.Get("aten::isfinite");
    private static readonly Operator LogicalNotOp = Operator.Get("aten::logical_not");
    private static readonly Operator ExpInPlaceOp = Operator.Get("aten::exp_");
    private static readonly Operator SqrtInPlaceOp = Operator.Get("aten::sqrt_");
    private static readonly Operator ReluInPlaceOp = Operator.Get("aten::relu_");
    private static readonly Operator NegInPlaceOp = Operator.Get("aten::neg_");
    private static readonly Operator ZeroInPlaceOp = Operator.Get("aten::zero_");
    private static readonly Operator ReciprocalInPlaceOp = Operator.Get("aten::reciprocal_");
    private static readonly Operator AbsInPlaceOp = Operator.Get("aten::abs_");
    private static readonly Operator SigmoidInPlaceOp = Operator.Get("aten::sigmoid_");
    private static readonly Operator TanhInPlaceOp = Operator.Get("aten::tanh_");
    private static readonly Operator Atan2Op = Operator.Get("aten::atan2");
    private static readonly Operator ClampOp = Operator.Get("aten::clamp");
    private static readonly Operator ClampInPlaceOp = Operator.Get("aten::clamp_");
    private static readonly Operator ClampMinOp = Operator.Get("aten::clamp_min");
    private static readonly Operator MaximumOp = Operator.Get("aten::maximum");
    private static readonly Operator MinimumOp = Operator.Get("aten::minimum");
    private static readonly Operator GeluOp = Operator.Get("aten::gelu");
    private static readonly Operator SoftmaxIntOp = Operator.Get("aten::softmax.int");
    private static readonly Operator LogSoftmaxIntOp = Operator.Get("aten::log_softmax.int");
    private static readonly Operator NanToNumOp = Operator.Get("aten::nan_to_num");
    private static readonly Operator ViewAsRealOp = Operator.Get("aten::view_as_real");
    private static readonly Operator ViewAsComplexOp = Operator.Get("aten::view_as_complex");
    private static readonly Operator RealOp = Operator.Get("aten::real");
    private static readonly Operator ImagOp = Operator.Get("aten::imag");
    private static readonly Operator AngleOp = Operator.Get("aten::angle");
    private static readonly Operator ConjOp = Operator.Get("aten::conj");

    /// <summary>Absolute value.</summary>
    public Tensor abs() => AbsOp.Call(this);

    /// <summary>e to the power of every element.</summary>
    public Tensor exp() => ExpOp.Call(this);

    /// <summary>exp(x) − 1, exact near 0.</summary>
    public Tensor expm1() => Expm1Op.Call(this);

    /// <summary>Natural logarithm.</summary>
    public Tensor log() => LogOp.Call(this);

    /// <summary>log(1 + x), exact near 0.</summary>
    public Tensor log1p() => Log1pOp.Call(this);

    /// <summary>Logarithm to base 2.</summary>
    public Tensor log2() => Log2Op.Call(this);

    /// <summary>Logarithm to base 10.</summary>
    public Tensor log10() => Log10Op.Call(this);

    /// <summary>Square root.</summary>
    public Tensor sqrt() => SqrtOp.Call(this);

    /// <summary>One over the square root.</summary>
    public Tensor rsqrt() => RsqrtOp.Call(this);

    /// <summary>Square.</summary>
    public Tensor square() => SquareOp.Call(this);

    /// <summary>One over every element.</summary>
    public Tensor reciprocal() => ReciprocalOp.Call(this);

    /// <summary>−1, 0 or 1.</summary>
    public Tensor sign() => SignOp.Call(this);

    /// <summary>Largest integer not above.</summary>
    public Tensor floor() => FloorOp.Call(this);

    /// <summary>Smallest integer not below.</summary>
    public Tensor ceil() => CeilOp.Call(this);

    /// <summary>Nearest integer, halves to even.</summary>
    public Tensor round() => RoundOp.Call(this);

    /// <summary>Integer part.</summary>
    public Tensor trunc() => TruncOp.Call(this);

    /// <summary>Fractional part.</summary>
    public Tensor frac() => FracOp.Call(this);

    /// <summary>Sine.</summary>
    public Tensor sin() => SinOp.Call(this);

    /// <summary>Cosine.</summary>
    public Tensor cos() => CosOp.Call(this);

    /// <summary>Tangent.</summary>
    public Tensor tan() => TanOp.Call(this);

    /// <summary>Arc sine.</summary>
    public Tensor asin() => AsinOp.Call(this);

    /// <summary>Arc cosine.</summary>
    public Tensor acos() => AcosOp.Call(this);

    /// <summary>Arc tangent.</summary>
    public Tensor atan() => AtanOp.Call(this);

    /// <summary>Hyperbolic sine.</summary>
    public Tensor sinh() => SinhOp.Call(this);

    /// <summary>Hyperbolic cosine.</summary>
    public Tensor cosh() => CoshOp.Call(this);

    /// <summary>Hyperbolic tangent.</summary>
    public Tensor tanh() => TanhOp.Call(this);

    /// <summary>Error function.</summary>
    public Tensor erf() => ErfOp.Call(this);

    /// <summary>1 / (1 + exp(−x)).</summary>
    public Tensor sigmoid() => SigmoidOp.Call(this);

    /// <summary>max(x, 0).</summary>
    public Tensor relu() => ReluOp.Call(this);

    /// <summary>x · sigmoid(x), also called swish.</summary>
    public Tensor silu() => SiluOp.Call(this);

    /// <summary>True where an element is not a number.</summary>
    public Tensor isnan() => IsnanOp.Call(this);

    /// <summary>True where an element is infinite.</summary>
    public Tensor isinf() => IsinfOp.Call(this);

    /// <summary>True where an element is an ordinary number.</summary>
    public Tensor isfinite() => IsfiniteOp.Call(this);

    /// <summary>True where an element is zero.</summary>
    public Tensor logical_not() => LogicalNotOp.Call(this);

    /// <summary>e to the power of every element, in place.</summary>
    public Tensor exp_()
    {
        ExpInPlaceOp.CallInPlace(this);
        return this;
    }

    /// <summary>Square root, in place.</summary>
    public Tensor sqrt_()
    {
        SqrtInPlaceOp.CallInPlace(this);
        return this;
    }

    /// <summary>max(x, 0), in place.</summary>
    public Tensor relu_()
    {
        ReluInPlaceOp.CallInPlace(this);
        return this;
    }

    /// <summary>Every element with its sign turned, in place.</summary>
    public Tensor neg_()
    {
        NegInPlaceOp.CallInPlace(this);
        return this;
    }

    /// <summary>Every element becomes 0, in place.</summary>
    public Tensor zero_()
    {
        ZeroInPlaceOp.CallInPlace(this);
        return this;
    }

    /// <summary>One over every element, in place.</summary>
    public Tensor reciprocal_()
    {
        ReciprocalInPlaceOp.CallInPlace(this);
        return this;
    }

    /// <summary>Absolute value, in place.</summary>
    public Tensor abs_()
    {
        AbsInPlaceOp.CallInPlace(this);
        return this;
    }

    /// <summary>1 / (1 + exp(−x)), in place.</summary>
    public Tensor sigmoid_()
    {
        SigmoidInPlaceOp.CallInPlace(this);
        return this;
    }

    /// <summary>Hyperbolic tangent, in place.</summary>
    public Tensor tanh_()
    {
        TanhInPlaceOp.CallInPlace(this);
        return this;
    }

    /// <summary>Angle of the point (other, this).</summary>
    public Tensor atan2(Tensor other) => Atan2Op.Call(this, other);

    /// <summary>Every element limited to a range; null leaves a side open.</summary>
    public Tensor clamp(Scalar? min = null, Scalar? max = null) => ClampOp.Call(this, min, max);

    /// <summary>Every element limited to a range, in place.</summary>
    public Tensor clamp_(Scalar? min = null, Scalar? max = null)
    {
        ClampInPlaceOp.CallInPlace(this, min, max);
        return this;
    }

    /// <summary>Every element at least <paramref name="min"/>.</summary>
    public Tensor clamp_min(Scalar min) => ClampMinOp.Call(this, min);

    /// <summary>The larger of two elements.</summary>
    public Tensor maximum(Tensor other) => MaximumOp.Call(this, other);

    /// <summary>The smaller of two elements.</summary>
    public Tensor minimum(Tensor other) => MinimumOp.Call(this, other);

    /// <summary>x · Φ(x), exact or with <c>"tanh"</c> (Hendrycks and Gimpel 2016).</summary>
    public Tensor gelu(string approximate = "none") => GeluOp.Call(this, approximate);

    /// <summary>exp(x) normalized to sum 1 along a dimension.</summary>
    public Tensor softmax(long dim, ScalarType? dtype = null) => SoftmaxIntOp.Call(this, dim, dtype);

    /// <summary>Logarithm of the softmax along a dimension.</summary>
    public Tensor log_softmax(long dim, ScalarType? dtype = null) => LogSoftmaxIntOp.Call(this, dim, dtype);

    /// <summary>Not-a-numbers replaced by a number, infinities by the largest finite ones.</summary>
    public Tensor nan_to_num(double nan = 0) => NanToNumOp.Call(this, nan);

    /// <summary>A complex tensor as a real one with a last dimension of 2.</summary>
    public Tensor view_as_real() => ViewAsRealOp.Call(this);

    /// <summary>A real tensor with a last dimension of 2 as a complex one.</summary>
    public Tensor view_as_complex() => ViewAsComplexOp.Call(this);

    /// <summary>The real part.</summary>
    public Tensor real() => RealOp.Call(this);

    /// <summary>The imaginary part.</summary>
    public Tensor imag() => ImagOp.Call(this);

    /// <summary>The angle of a complex number.</summary>
    public Tensor angle() => AngleOp.Call(this);

    /// <summary>The complex conjugate.</summary>
    public Tensor conj() => ConjOp.Call(this);
}
