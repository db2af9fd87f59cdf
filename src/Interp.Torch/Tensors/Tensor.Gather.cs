using Interp.Torch.Engine;

namespace Interp.Torch;

// Reading and writing at indices.
public sealed partial class Tensor
{
    private static readonly Operator IndexSelectOp = Operator.Get("aten::index_select");
    private static readonly Operator GatherOp = Operator.Get("aten::gather");
    private static readonly Operator TakeAlongDimOp = Operator.Get("aten::take_along_dim");
    private static readonly Operator ScatterSrcOp = Operator.Get("aten::scatter.src");
    private static readonly Operator ScatterSrcInPlaceOp = Operator.Get("aten::scatter_.src");
    private static readonly Operator ScatterValueInPlaceOp = Operator.Get("aten::scatter_.value");
    private static readonly Operator ScatterAddOp = Operator.Get("aten::scatter_add");
    private static readonly Operator ScatterAddInPlaceOp = Operator.Get("aten::scatter_add_");
    private static readonly Operator IndexAddOp = Operator.Get("aten::index_add");
    private static readonly Operator IndexAddInPlaceOp = Operator.Get("aten::index_add_");
    private static readonly Operator IndexCopyInPlaceOp = Operator.Get("aten::index_copy_");
    private static readonly Operator IndexFillIntScalarInPlaceOp = Operator.Get("aten::index_fill_.int_Scalar");
    private static readonly Operator NonzeroOp = Operator.Get("aten::nonzero");
    private static readonly Operator TakeOp = Operator.Get("aten::take");

    /// <summary>The entries of a dimension that an index lists.</summary>
    public Tensor index_select(long dim, Tensor index) => IndexSelectOp.Call(this, dim, index);

    /// <summary>result[i][j] = this[index[i][j]][j], for dim 0.</summary>
    public Tensor gather(long dim, Tensor index) => GatherOp.Call(this, dim, index);

    /// <summary>As <see cref="gather"/>, with broadcasting.</summary>
    public Tensor take_along_dim(Tensor indices, long dim) => TakeAlongDimOp.Call(this, indices, dim);

    /// <summary>A copy with the elements of the source at the places an index lists.</summary>
    public Tensor scatter(long dim, Tensor index, Tensor source) => ScatterSrcOp.Call(this, dim, index, source);

    /// <summary>Elements of the source put at the places an index lists, in place.</summary>
    public Tensor scatter_(long dim, Tensor index, Tensor source)
    {
        ScatterSrcInPlaceOp.CallInPlace(this, dim, index, source);
        return this;
    }

    /// <summary>A number put at the places an index lists, in place.</summary>
    public Tensor scatter_(long dim, Tensor index, Scalar value)
    {
        ScatterValueInPlaceOp.CallInPlace(this, dim, index, value);
        return this;
    }

    /// <summary>A copy with the source added at the places an index lists.</summary>
    public Tensor scatter_add(long dim, Tensor index, Tensor source) => ScatterAddOp.Call(this, dim, index, source);

    /// <summary>The source added at the places an index lists, in place.</summary>
    public Tensor scatter_add_(long dim, Tensor index, Tensor source)
    {
        ScatterAddInPlaceOp.CallInPlace(this, dim, index, source);
        return this;
    }

    /// <summary>A copy with entries of the source added to the entries that an index lists.</summary>
    public Tensor index_add(long dim, Tensor index, Tensor source) => IndexAddOp.Call(this, dim, index, source);

    /// <summary>Entries of the source added to the entries that an index lists, in place.</summary>
    public Tensor index_add_(long dim, Tensor index, Tensor source)
    {
        IndexAddInPlaceOp.CallInPlace(this, dim, index, source);
        return this;
    }

    /// <summary>Entries replaced by those of the source, in place.</summary>
    public Tensor index_copy_(long dim, Tensor index, Tensor source)
    {
        IndexCopyInPlaceOp.CallInPlace(this, dim, index, source);
        return this;
    }

    /// <summary>Entries replaced by a number, in place.</summary>
    public Tensor index_fill_(long dim, Tensor index, Scalar value)
    {
        IndexFillIntScalarInPlaceOp.CallInPlace(this, dim, index, value);
        return this;
    }

    /// <summary>The positions of the elements that are not zero [count, dims].</summary>
    public Tensor nonzero() => NonzeroOp.Call(this);

    /// <summary>Elements of the flattened tensor.</summary>
    public Tensor take(Tensor index) => TakeOp.Call(this, index);
}
