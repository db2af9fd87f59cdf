namespace Interp.Torch;

// The functions of tensors that are also methods, for those who write torch.exp(x).
public static partial class torch
{
    /// <summary>Sum of elements, with broadcasting.</summary>
    public static Tensor add(Tensor input, Tensor other) => input.add(other);

    /// <summary>Difference of elements, with broadcasting.</summary>
    public static Tensor sub(Tensor input, Tensor other) => input.sub(other);

    /// <summary>Product of elements, with broadcasting.</summary>
    public static Tensor mul(Tensor input, Tensor other) => input.mul(other);

    /// <summary>Quotient of elements, with broadcasting; integers give floats.</summary>
    public static Tensor div(Tensor input, Tensor other) => input.div(other);

    /// <summary>Every element with its sign turned.</summary>
    public static Tensor neg(Tensor input) => input.neg();

    /// <summary>Every element to a power.</summary>
    public static Tensor pow(Tensor input, Scalar exponent) => input.pow(exponent);

    /// <summary>Element by element to a power.</summary>
    public static Tensor pow(Tensor input, Tensor exponent) => input.pow(exponent);

    /// <summary>input + value · a · b.</summary>
    public static Tensor addcmul(Tensor input, Tensor a, Tensor b, Scalar value) => input.addcmul(a, b, value);

    /// <summary>Absolute value.</summary>
    public static Tensor abs(Tensor input) => input.abs();

    /// <summary>e to the power of every element.</summary>
    public static Tensor exp(Tensor input) => input.exp();

    /// <summary>exp(x) − 1, exact near 0.</summary>
    public static Tensor expm1(Tensor input) => input.expm1();

    /// <summary>Natural logarithm.</summary>
    public static Tensor log(Tensor input) => input.log();

    /// <summary>log(1 + x), exact near 0.</summary>
    public static Tensor log1p(Tensor input) => input.log1p();

    /// <summary>Logarithm to base 2.</summary>
    public static Tensor log2(Tensor input) => input.log2();

    /// <summary>Logarithm to base 10.</summary>
    public static Tensor log10(Tensor input) => input.log10();

    /// <summary>Square root.</summary>
    public static Tensor sqrt(Tensor input) => input.sqrt();

    /// <summary>One over the square root.</summary>
    public static Tensor rsqrt(Tensor input) => input.rsqrt();

    /// <summary>Square.</summary>
    public static Tensor square(Tensor input) => input.square();

    /// <summary>One over every element.</summary>
    public static Tensor reciprocal(Tensor input) => input.reciprocal();

    /// <summary>−1, 0 or 1.</summary>
    public static Tensor sign(Tensor input) => input.sign();

    /// <summary>Largest integer not above.</summary>
    public static Tensor floor(Tensor input) => input.floor();

    /// <summary>Smallest integer not below.</summary>
    public static Tensor ceil(Tensor input) => input.ceil();

    /// <summary>Nearest integer, halves to even.</summary>
    public static Tensor round(Tensor input) => input.round();

    /// <summary>Integer part.</summary>
    public static Tensor trunc(Tensor input) => input.trunc();

    /// <summary>Fractional part.</summary>
    public static Tensor frac(Tensor input) => input.frac();

    /// <summary>Sine.</summary>
    public static Tensor sin(Tensor input) => input.sin();

    /// <summary>Cosine.</summary>
    public static Tensor cos(Tensor input) => input.cos();

    /// <summary>Tangent.</summary>
    public static Tensor tan(Tensor input) => input.tan();

    /// <summary>Arc sine.</summary>
    public static Tensor asin(Tensor input) => input.asin();

    /// <summary>Arc cosine.</summary>
    public static Tensor acos(Tensor input) => input.acos();

    /// <summary>Arc tangent.</summary>
    public static Tensor atan(Tensor input) => input.atan();

    /// <summary>Hyperbolic sine.</summary>
    public static Tensor sinh(Tensor input) => input.sinh();

    /// <summary>Hyperbolic cosine.</summary>
    public static Tensor cosh(Tensor input) => input.cosh();

    /// <summary>Hyperbolic tangent.</summary>
    public static Tensor tanh(Tensor input) => input.tanh();

    /// <summary>Error function.</summary>
    public static Tensor erf(Tensor input) => input.erf();

    /// <summary>1 / (1 + exp(−x)).</summary>
    public static Tensor sigmoid(Tensor input) => input.sigmoid();

    /// <summary>max(x, 0).</summary>
    public static Tensor relu(Tensor input) => input.relu();

    /// <summary>x · sigmoid(x), also called swish.</summary>
    public static Tensor silu(Tensor input) => input.silu();

    /// <summary>True where an element is not a number.</summary>
    public static Tensor isnan(Tensor input) => input.isnan();

    /// <summary>True where an element is infinite.</summary>
    public static Tensor isinf(Tensor input) => input.isinf();

    /// <summary>True where an element is an ordinary number.</summary>
    public static Tensor isfinite(Tensor input) => input.isfinite();

    /// <summary>True where an element is zero.</summary>
    public static Tensor logical_not(Tensor input) => input.logical_not();

    /// <summary>Angle of the point (other, input).</summary>
    public static Tensor atan2(Tensor input, Tensor other) => input.atan2(other);

    /// <summary>Every element limited to a range; null leaves a side open.</summary>
    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);

    /// <summary>The larger of two elements.</summary>
    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);

    /// <summary>The smaller of two elements.</summary>
    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);

    /// <summary>exp(x) normalized to sum 1 along a dimension.</summary>
    public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

    /// <summary>Logarithm of the softmax along a dimension.</summary>
    public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => input.log_softmax(dim, dtype);

    /// <summary>True where an element is equal to the other.</summary>
    public static Tensor eq(Tensor input, Tensor other) => input.eq(other);

    /// <summary>True where an element is different from the other.</summary>
    public static Tensor ne(Tensor input, Tensor other) => input.ne(other);

    /// <summary>True where an element is less than the other.</summary>
    public static Tensor lt(Tensor input, Tensor other) => input.lt(other);

    /// <summary>True where an element is at most the other.</summary>
    public static Tensor le(Tensor input, Tensor other) => input.le(other);

    /// <summary>True where an element is greater than the other.</summary>
    public static Tensor gt(Tensor input, Tensor other) => input.gt(other);

    /// <summary>True where an element is at least the other.</summary>
    public static Tensor ge(Tensor input, Tensor other) => input.ge(other);

    /// <summary>Sum of all elements.</summary>
    public static Tensor sum(Tensor input) => input.sum();

    /// <summary>Sum over one dimension.</summary>
    public static Tensor sum(Tensor input, long dim, bool keepdim = false) => input.sum(dim, keepdim);

    /// <summary>Sum over dimensions.</summary>
    public static Tensor sum(Tensor input, long[] dims, bool keepdim = false) => input.sum(dims, keepdim);

    /// <summary>Mean of all elements.</summary>
    public static Tensor mean(Tensor input) => input.mean();

    /// <summary>Mean over one dimension.</summary>
    public static Tensor mean(Tensor input, long dim, bool keepdim = false) => input.mean(dim, keepdim);

    /// <summary>Mean over dimensions.</summary>
    public static Tensor mean(Tensor input, long[] dims, bool keepdim = false) => input.mean(dims, keepdim);

    /// <summary>Index of the largest element along a dimension.</summary>
    public static Tensor argmax(Tensor input, long dim, bool keepdim = false) => input.argmax(dim, keepdim);

    /// <summary>Running sum along a dimension.</summary>
    public static Tensor cumsum(Tensor input, long dim) => input.cumsum(dim);

    /// <summary>Matrix product; more dimensions are batches, with broadcasting.</summary>
    public static Tensor matmul(Tensor input, Tensor other) => input.matmul(other);

    /// <summary>Product of two matrices.</summary>
    public static Tensor mm(Tensor input, Tensor other) => input.mm(other);

    /// <summary>Products of two batches of matrices [b, n, k] · [b, k, m].</summary>
    public static Tensor bmm(Tensor input, Tensor other) => input.bmm(other);

    /// <summary>Scalar product of two vectors.</summary>
    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);

    /// <summary>Outer product of two vectors.</summary>
    public static Tensor outer(Tensor input, Tensor other) => input.outer(other);

    /// <summary>Indices drawn with probabilities in proportion to the elements of the last dimension.</summary>
    public static Tensor multinomial(Tensor input, long count, bool replacement = false, Generator? generator = null) =>
        input.multinomial(count, replacement, generator);
}
