using Interp.Torch.Engine;

namespace Interp.Torch;

// Spread, correlation and order statistics.
public sealed partial class Tensor
{
    private static readonly Operator StdMeanCorrectionOp = Operator.Get("aten::std_mean.correction");
    private static readonly Operator VarMeanCorrectionOp = Operator.Get("aten::var_mean.correction");
    private static readonly Operator CovOp = Operator.Get("aten::cov");
    private static readonly Operator CorrcoefOp = Operator.Get("aten::corrcoef");
    private static readonly Operator NansumOp = Operator.Get("aten::nansum");
    private static readonly Operator NanmeanOp = Operator.Get("aten::nanmean");
    private static readonly Operator KthvalueOp = Operator.Get("aten::kthvalue");
    private static readonly Operator ModeOp = Operator.Get("aten::mode");
    private static readonly Operator QuantileOp = Operator.Get("aten::quantile");
    private static readonly Operator UniqueConsecutiveOp = Operator.Get("aten::unique_consecutive");
    private static readonly Operator UniqueDimOp = Operator.Get("aten::unique_dim");

    /// <summary>Variance over one dimension, divided by N − correction.</summary>
    public Tensor var(long dim, long correction = 1, bool keepdim = false) => var([dim], correction, keepdim);

    /// <summary>Standard deviation over one dimension, divided by N − correction.</summary>
    public Tensor std(long dim, long correction = 1, bool keepdim = false) => std([dim], correction, keepdim);

    /// <summary>Standard deviation and mean over dimensions, in one pass.</summary>
    public (Tensor std, Tensor mean) std_mean(long[] dims, long correction = 1, bool keepdim = false) =>
        StdMeanCorrectionOp.CallPair(this, dims, correction, keepdim);

    /// <summary>Variance and mean over dimensions, in one pass.</summary>
    public (Tensor var, Tensor mean) var_mean(long[] dims, long correction = 1, bool keepdim = false) =>
        VarMeanCorrectionOp.CallPair(this, dims, correction, keepdim);

    /// <summary>Covariances of the rows, the columns being observations.</summary>
    public Tensor cov(long correction = 1) => CovOp.Call(this, correction);

    /// <summary>Correlations of the rows, the columns being observations.</summary>
    public Tensor corrcoef() => CorrcoefOp.Call(this);

    /// <summary>Sum over dimensions without the not-a-numbers.</summary>
    public Tensor nansum(long[] dims, bool keepdim = false) => NansumOp.Call(this, dims, keepdim);

    /// <summary>Mean over dimensions without the not-a-numbers.</summary>
    public Tensor nanmean(long[] dims, bool keepdim = false) => NanmeanOp.Call(this, dims, keepdim);

    /// <summary>log Σ exp(x) over one dimension, without overflow.</summary>
    public Tensor logsumexp(long dim, bool keepdim = false) => logsumexp([dim], keepdim);

    /// <summary>The largest elements over one dimension.</summary>
    public Tensor amax(long dim, bool keepdim = false) => amax([dim], keepdim);

    /// <summary>The smallest elements over one dimension.</summary>
    public Tensor amin(long dim, bool keepdim = false) => amin([dim], keepdim);

    /// <summary>The k-th smallest elements along a dimension, counted from 1, and where they are.</summary>
    public (Tensor values, Tensor indices) kthvalue(long k, long dim = -1, bool keepdim = false) =>
        KthvalueOp.CallPair(this, k, dim, keepdim);

    /// <summary>The most frequent elements along a dimension, and where they are.</summary>
    public (Tensor values, Tensor indices) mode(long dim = -1, bool keepdim = false) =>
        ModeOp.CallPair(this, dim, keepdim);

    /// <summary>Several quantiles at once: the result's first dimension is that of <paramref name="q"/>.</summary>
    public Tensor quantile(Tensor q, long? dim = null, bool keepdim = false) =>
        QuantileOp.Call(this, q, dim, keepdim);

    /// <summary>The different elements without sorting first: runs become one.</summary>
    public (Tensor values, Tensor inverse, Tensor counts) unique_consecutive() =>
        UniqueConsecutiveOp.CallTriple(this, true, true);

    /// <summary>
    /// The different entries of a dimension in order,
    /// where each stands among them, and how often it occurs.
    /// </summary>
    public (Tensor values, Tensor inverse, Tensor counts) unique(long dim) =>
        UniqueDimOp.CallTriple(this, dim, true, true, true);
}
