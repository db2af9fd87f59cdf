using Interp.Torch.Engine;

namespace Interp.Torch;

// What runs along a dimension.
public sealed partial class Tensor
{
    private static readonly Operator CummaxOp = Operator.Get("aten::cummax");
    private static readonly Operator CumminOp = Operator.Get("aten::cummin");
    private static readonly Operator LogcumsumexpOp = Operator.Get("aten::logcumsumexp");
    private static readonly Operator DiffOp = Operator.Get("aten::diff");

    /// <summary>The largest element so far along a dimension, and where it is.</summary>
    public (Tensor values, Tensor indices) cummax(long dim) => CummaxOp.CallPair(this, dim);

    /// <summary>The smallest element so far along a dimension, and where it is.</summary>
    public (Tensor values, Tensor indices) cummin(long dim) => CumminOp.CallPair(this, dim);

    /// <summary>log of the running sum of exp(x) along a dimension.</summary>
    public Tensor logcumsumexp(long dim) => LogcumsumexpOp.Call(this, dim);

    /// <summary>Differences of neighbours along a dimension, n times.</summary>
    public Tensor diff(long n = 1, long dim = -1) => DiffOp.Call(this, n, dim);
}
