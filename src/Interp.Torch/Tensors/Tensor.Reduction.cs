using Interp.Torch.Engine;

namespace Interp.Torch;

// Sums, extremes and orders. No overload takes an element type first: C# would read x.sum(0) as that of value 0.
public sealed partial class Tensor
{
    private static readonly Operator SumOp = Operator.Get("aten::sum");
    private static readonly Operator SumDimIntListOp = Operator.Get("aten::sum.dim_IntList");
    private static readonly Operator MeanOp = Operator.Get("aten::mean");
    private static readonly Operator MeanDimOp = Operator.Get("aten::mean.dim");
    private static readonly Operator ProdOp = Operator.Get("aten::prod");
    private static readonly Operator ProdDimIntOp = Operator.Get("aten::prod.dim_int");
    private static readonly Operator VarCorrectionOp = Operator.Get("aten::var.correction");
    private static readonly Operator StdCorrectionOp = Operator.Get("aten::std.correction");
    private static readonly Operator MaxOp = Operator.Get("aten::max");
    private static readonly Operator MinOp = Operator.Get("aten::min");
    private static readonly Operator MaxDimOp = Operator.Get("aten::max.dim");
    private static readonly Operator MinDimOp = Operator.Get("aten::min.dim");
    private static readonly Operator AmaxOp = Operator.Get("aten::amax");
    private static readonly Operator AminOp = Operator.Get("aten::amin");
    private static readonly Operator ArgmaxOp = Operator.Get("aten::argmax");
    private static readonly Operator ArgminOp = Operator.Get("aten::argmin");
    private static readonly Operator AllOp = Operator.Get("aten::all");
    private static readonly Operator AllDimOp = Operator.Get("aten::all.dim");
    private static readonly Operator AnyOp = Operator.Get("aten::any");
    private static readonly Operator AnyDimOp = Operator.Get("aten::any.dim");
    private static readonly Operator LogsumexpOp = Operator.Get("aten::logsumexp");
    private static readonly Operator CumsumOp = Operator.Get("aten::cumsum");
    private static readonly Operator CumprodOp = Operator.Get("aten::cumprod");
    private static readonly Operator NormScalarOp = Operator.Get("aten::norm.Scalar");
    private static readonly Operator NormScalarOptDimOp = Operator.Get("aten::norm.ScalarOpt_dim");
    private static readonly Operator CountNonzeroOp = Operator.Get("aten::count_nonzero");
    private static readonly Operator TopkOp = Operator.Get("aten::topk");
    private static readonly Operator SortOp = Operator.Get("aten::sort");
    private static readonly Operator ArgsortOp = Operator.Get("aten::argsort");
    private static readonly Operator BincountOp = Operator.Get("aten::bincount");
    private static readonly Operator HistcOp = Operator.Get("aten::histc");
    private static readonly Operator MedianDimOp = Operator.Get("aten::median.dim");
    private static readonly Operator MedianOp = Operator.Get("aten::median");
    private static readonly Operator QuantileScalarOp = Operator.Get("aten::quantile.scalar");

    /// <summary>Sum of all elements.</summary>
    public Tensor sum() => SumOp.Call(this);

    /// <summary>Sum over dimensions, of all elements where there are none, in another type if wanted.</summary>
    public Tensor sum(long[] dims, bool keepdim = false, ScalarType? dtype = null) =>
        SumDimIntListOp.Call(this, dims, keepdim, dtype);

    /// <summary>Sum over one dimension.</summary>
    public Tensor sum(long dim, bool keepdim = false) => sum([dim], keepdim);

    /// <summary>Mean of all elements.</summary>
    public Tensor mean() => MeanOp.Call(this);

    /// <summary>Mean over dimensions, of all elements where there are none, in another type if wanted.</summary>
    public Tensor mean(long[] dims, bool keepdim = false, ScalarType? dtype = null) =>
        MeanDimOp.Call(this, dims, keepdim, dtype);

    /// <summary>Mean over one dimension.</summary>
    public Tensor mean(long dim, bool keepdim = false) => mean([dim], keepdim);

    /// <summary>Product of all elements.</summary>
    public Tensor prod() => ProdOp.Call(this);

    /// <summary>Product over a dimension.</summary>
    public Tensor prod(long dim, bool keepdim = false) => ProdDimIntOp.Call(this, dim, keepdim);

    /// <summary>Variance over dimensions, divided by N − correction.</summary>
    public Tensor var(long[] dims, long correction = 1, bool keepdim = false) =>
        VarCorrectionOp.Call(this, dims, correction, keepdim);

    /// <summary>Standard deviation over dimensions, divided by N − correction.</summary>
    public Tensor std(long[] dims, long correction = 1, bool keepdim = false) =>
        StdCorrectionOp.Call(this, dims, correction, keepdim);

    /// <summary>Variance of all elements, divided by N − 1.</summary>
    public Tensor var() => var([]);

    /// <summary>Standard deviation of all elements, divided by N − 1.</summary>
    public Tensor std() => std([]);

    /// <summary>The largest element.</summary>
    public Tensor max() => MaxOp.Call(this);

    /// <summary>The smallest element.</summary>
    public Tensor min() => MinOp.Call(this);

    /// <summary>The largest elements along a dimension, and where they are.</summary>
    public (Tensor values, Tensor indices) max(long dim, bool keepdim = false) => MaxDimOp.CallPair(this, dim, keepdim);

    /// <summary>The smallest elements along a dimension, and where they are.</summary>
    public (Tensor values, Tensor indices) min(long dim, bool keepdim = false) => MinDimOp.CallPair(this, dim, keepdim);

    /// <summary>The largest elements over dimensions.</summary>
    public Tensor amax(long[] dims, bool keepdim = false) => AmaxOp.Call(this, dims, keepdim);

    /// <summary>The smallest elements over dimensions.</summary>
    public Tensor amin(long[] dims, bool keepdim = false) => AminOp.Call(this, dims, keepdim);

    /// <summary>Index of the largest element of the flattened tensor.</summary>
    public Tensor argmax() => ArgmaxOp.Call(this);

    /// <summary>Index of the largest element along a dimension.</summary>
    public Tensor argmax(long dim, bool keepdim = false) => ArgmaxOp.Call(this, dim, keepdim);

    /// <summary>Index of the smallest element along a dimension.</summary>
    public Tensor argmin(long dim, bool keepdim = false) => ArgminOp.Call(this, dim, keepdim);

    /// <summary>Whether all elements are true.</summary>
    public Tensor all() => AllOp.Call(this);

    /// <summary>Whether all elements along a dimension are true.</summary>
    public Tensor all(long dim, bool keepdim = false) => AllDimOp.Call(this, dim, keepdim);

    /// <summary>Whether any element is true.</summary>
    public Tensor any() => AnyOp.Call(this);

    /// <summary>Whether any element along a dimension is true.</summary>
    public Tensor any(long dim, bool keepdim = false) => AnyDimOp.Call(this, dim, keepdim);

    /// <summary>log Σ exp(x) over dimensions, without overflow.</summary>
    public Tensor logsumexp(long[] dims, bool keepdim = false) => LogsumexpOp.Call(this, dims, keepdim);

    /// <summary>Running sum along a dimension.</summary>
    public Tensor cumsum(long dim) => CumsumOp.Call(this, dim);

    /// <summary>Running product along a dimension.</summary>
    public Tensor cumprod(long dim) => CumprodOp.Call(this, dim);

    /// <summary>The 2-norm of all elements.</summary>
    public Tensor norm() => NormScalarOp.Call(this);

    /// <summary>The p-norm over dimensions.</summary>
    public Tensor norm(long[] dims, double p = 2, bool keepdim = false) =>
        NormScalarOptDimOp.Call(this, p, dims, keepdim);

    /// <summary>The number of elements that are not zero.</summary>
    public Tensor count_nonzero() => CountNonzeroOp.Call(this);

    /// <summary>The k largest elements along a dimension, and where they are.</summary>
    public (Tensor values, Tensor indices) topk(long k, long dim = -1, bool largest = true, bool sorted = true) =>
        TopkOp.CallPair(this, k, dim, largest, sorted);

    /// <summary>The elements in order along a dimension, and where they were.</summary>
    public (Tensor values, Tensor indices) sort(long dim = -1, bool descending = false) =>
        SortOp.CallPair(this, dim, descending);

    /// <summary>The order that sorts a dimension.</summary>
    public Tensor argsort(long dim = -1, bool descending = false) => ArgsortOp.Call(this, dim, descending);

    /// <summary>How often each non-negative integer occurs.</summary>
    public Tensor bincount(Tensor? weights = null, long minlength = 0) => BincountOp.Call(this, weights, minlength);

    /// <summary>Counts in equal bins between two numbers.</summary>
    public Tensor histc(long bins, Scalar min, Scalar max) => HistcOp.Call(this, bins, min, max);

    /// <summary>The lower median along a dimension, and where it is.</summary>
    public (Tensor values, Tensor indices) median(long dim, bool keepdim = false) =>
        MedianDimOp.CallPair(this, dim, keepdim);

    /// <summary>The lower median of all elements.</summary>
    public Tensor median() => MedianOp.Call(this);

    /// <summary>A quantile along a dimension, or of all elements.</summary>
    public Tensor quantile(double q, long? dim = null, bool keepdim = false) =>
        QuantileScalarOp.Call(this, q, dim, keepdim);
}
