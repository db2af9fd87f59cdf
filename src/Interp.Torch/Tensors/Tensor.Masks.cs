using Interp.Torch.Engine;

namespace Interp.Torch;

// Writing where masks and indices say, and finding.
public sealed partial class Tensor
{
    private static readonly Operator MaskedFillTensorOp = Operator.Get("aten::masked_fill.Tensor");
    private static readonly Operator MaskedScatterOp = Operator.Get("aten::masked_scatter");
    private static readonly Operator MaskedScatterInPlaceOp = Operator.Get("aten::masked_scatter_");
    private static readonly Operator IndexPutCopyOp = Operator.Get("aten::index_put");
    private static readonly Operator ScatterReduceTwoOp = Operator.Get("aten::scatter_reduce.two");
    private static readonly Operator IsinTensorTensorOp = Operator.Get("aten::isin.Tensor_Tensor");
    private static readonly Operator BucketizeTensorOp = Operator.Get("aten::bucketize.Tensor");
    private static readonly Operator FillDiagonalInPlaceOp = Operator.Get("aten::fill_diagonal_");
    private static readonly Operator NonzeroNumpyOp = Operator.Get("aten::nonzero_numpy");

    /// <summary>A copy with the elements of a tensor of no dimensions where the mask is true.</summary>
    public Tensor masked_fill(Tensor mask, Tensor value) => MaskedFillTensorOp.Call(this, mask, value);

    /// <summary>
    /// A copy in which the places where the mask is true get the
    /// source's elements, one after another.
    /// </summary>
    public Tensor masked_scatter(Tensor mask, Tensor source) => MaskedScatterOp.Call(this, mask, source);

    /// <summary>The places where the mask is true get the source's elements, one after another, in place.</summary>
    public Tensor masked_scatter_(Tensor mask, Tensor source)
    {
        MaskedScatterInPlaceOp.CallInPlace(this, mask, source);
        return this;
    }

    /// <summary>
    /// A copy with values at positions that tensors list, one tensor a dimension;
    /// added to what is there if wanted.
    /// </summary>
    public Tensor index_put(Tensor?[] positions, Tensor values, bool accumulate = false) =>
        IndexPutCopyOp.Call(this, positions, values, accumulate);

    /// <summary>
    /// A copy joined with the source at the places an index lists, by <c>"sum"</c>, <c>"prod"</c>,
    /// <c>"mean"</c>, <c>"amax"</c> or <c>"amin"</c>.
    /// </summary>
    public Tensor scatter_reduce(long dim, Tensor index, Tensor source, string reduce, bool includeSelf = true) =>
        ScatterReduceTwoOp.Call(this, dim, index, source, reduce, includeSelf);

    /// <summary>True where an element is among those of another tensor.</summary>
    public Tensor isin(Tensor elements, bool invert = false) =>
        IsinTensorTensorOp.Call(this, elements, false, invert);

    /// <summary>The bin of every element between sorted boundaries.</summary>
    public Tensor bucketize(Tensor boundaries, bool right = false) =>
        BucketizeTensorOp.Call(this, boundaries, false, right);

    /// <summary>Overwrites the main diagonal, in place.</summary>
    public Tensor fill_diagonal_(Scalar value)
    {
        FillDiagonalInPlaceOp.CallInPlace(this, value);
        return this;
    }

    /// <summary>The positions where a tensor is not zero, one tensor a dimension, ready for indexing.</summary>
    public Tensor[] nonzero_as_list() => NonzeroNumpyOp.CallList(this);
}
