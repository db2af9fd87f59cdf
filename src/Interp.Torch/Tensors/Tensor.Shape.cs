using Interp.Torch.Engine;

namespace Interp.Torch;

// Shapes, views and copies.
public sealed partial class Tensor
{
    private static readonly Operator ViewOp = Operator.Get("aten::view");
    private static readonly Operator ReshapeOp = Operator.Get("aten::reshape");
    private static readonly Operator FlattenUsingIntsOp = Operator.Get("aten::flatten.using_ints");
    private static readonly Operator TransposeIntOp = Operator.Get("aten::transpose.int");
    private static readonly Operator TOp = Operator.Get("aten::t");
    private static readonly Operator PermuteOp = Operator.Get("aten::permute");
    private static readonly Operator UnsqueezeOp = Operator.Get("aten::unsqueeze");
    private static readonly Operator SqueezeOp = Operator.Get("aten::squeeze");
    private static readonly Operator SqueezeDimOp = Operator.Get("aten::squeeze.dim");
    private static readonly Operator ExpandOp = Operator.Get("aten::expand");
    private static readonly Operator ExpandAsOp = Operator.Get("aten::expand_as");
    private static readonly Operator RepeatOp = Operator.Get("aten::repeat");
    private static readonly Operator RepeatInterleaveSelfIntOp = Operator.Get("aten::repeat_interleave.self_int");
    private static readonly Operator NarrowOp = Operator.Get("aten::narrow");
    private static readonly Operator SelectIntOp = Operator.Get("aten::select.int");
    private static readonly Operator SliceTensorOp = Operator.Get("aten::slice.Tensor");
    private static readonly Operator DiagonalOp = Operator.Get("aten::diagonal");
    private static readonly Operator DiagOp = Operator.Get("aten::diag");
    private static readonly Operator TrilOp = Operator.Get("aten::tril");
    private static readonly Operator TriuOp = Operator.Get("aten::triu");
    private static readonly Operator FlipOp = Operator.Get("aten::flip");
    private static readonly Operator RollOp = Operator.Get("aten::roll");
    private static readonly Operator UnfoldOp = Operator.Get("aten::unfold");
    private static readonly Operator ContiguousOp = Operator.Get("aten::contiguous");
    private static readonly Operator CloneOp = Operator.Get("aten::clone");
    private static readonly Operator DetachOp = Operator.Get("aten::detach");
    private static readonly Operator AliasOp = Operator.Get("aten::alias");
    private static readonly Operator AsStridedOp = Operator.Get("aten::as_strided");
    private static readonly Operator CopyInPlaceOp = Operator.Get("aten::copy_");
    private static readonly Operator FillScalarInPlaceOp = Operator.Get("aten::fill_.Scalar");
    private static readonly Operator SplitTensorOp = Operator.Get("aten::split.Tensor");
    private static readonly Operator SplitWithSizesOp = Operator.Get("aten::split_with_sizes");
    private static readonly Operator ChunkOp = Operator.Get("aten::chunk");
    private static readonly Operator UnbindIntOp = Operator.Get("aten::unbind.int");

    /// <summary>The same memory with another shape; −1 stands for what is left.</summary>
    public Tensor view(params long[] shape) => ViewOp.Call(this, shape);

    /// <summary>Another shape: a view where possible, else a copy.</summary>
    public Tensor reshape(params long[] shape) => ReshapeOp.Call(this, shape);

    /// <summary>Dimensions start to end merged into one.</summary>
    public Tensor flatten(long start = 0, long end = -1) => FlattenUsingIntsOp.Call(this, start, end);

    /// <summary>A view with two dimensions exchanged.</summary>
    public Tensor transpose(long a, long b) => TransposeIntOp.Call(this, a, b);

    /// <summary>A matrix transposed, as a view.</summary>
    public Tensor t() => TOp.Call(this);

    /// <summary>A view with the dimensions in another order.</summary>
    public Tensor permute(params long[] dims) => PermuteOp.Call(this, dims);

    /// <summary>A view with a new dimension of size 1.</summary>
    public Tensor unsqueeze(long dim) => UnsqueezeOp.Call(this, dim);

    /// <summary>A view without the dimensions of size 1.</summary>
    public Tensor squeeze() => SqueezeOp.Call(this);

    /// <summary>A view without one dimension, if its size is 1.</summary>
    public Tensor squeeze(long dim) => SqueezeDimOp.Call(this, dim);

    /// <summary>A view in which dimensions of size 1 repeat; −1 keeps a size.</summary>
    public Tensor expand(params long[] shape) => ExpandOp.Call(this, shape);

    /// <summary>A view with the shape of another tensor.</summary>
    public Tensor expand_as(Tensor other) => ExpandAsOp.Call(this, other);

    /// <summary>A copy repeated along every dimension.</summary>
    public Tensor repeat(params long[] times) => RepeatOp.Call(this, times);

    /// <summary>Every element repeated in place along a dimension.</summary>
    public Tensor repeat_interleave(long times, long? dim = null) => RepeatInterleaveSelfIntOp.Call(this, times, dim);

    /// <summary>A view of a range of a dimension.</summary>
    public Tensor narrow(long dim, long start, long length) => NarrowOp.Call(this, dim, start, length);

    /// <summary>A view of one entry of a dimension, which goes away.</summary>
    public Tensor select(long dim, long index) => SelectIntOp.Call(this, dim, index);

    /// <summary>A view of every step-th entry from start to end of a dimension.</summary>
    public Tensor slice(long dim, long? start = null, long? end = null, long step = 1) =>
        SliceTensorOp.Call(this, dim, start, end, step);

    /// <summary>A view of a diagonal of two dimensions, as the last dimension.</summary>
    public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => DiagonalOp.Call(this, offset, dim1, dim2);

    /// <summary>A vector as a diagonal matrix, or the diagonal of a matrix.</summary>
    public Tensor diag() => DiagOp.Call(this);

    /// <summary>The lower triangle, the rest 0.</summary>
    public Tensor tril(long diagonal = 0) => TrilOp.Call(this, diagonal);

    /// <summary>The upper triangle, the rest 0.</summary>
    public Tensor triu(long diagonal = 0) => TriuOp.Call(this, diagonal);

    /// <summary>Dimensions in reverse order.</summary>
    public Tensor flip(params long[] dims) => FlipOp.Call(this, dims);

    /// <summary>Elements shifted around along dimensions.</summary>
    public Tensor roll(long[] shifts, long[] dims) => RollOp.Call(this, shifts, dims);

    /// <summary>All windows of a size along a dimension, as a new last dimension.</summary>
    public Tensor unfold(long dim, long size, long step) => UnfoldOp.Call(this, dim, size, step);

    /// <summary>Row-major order: the tensor itself where it is, else a copy.</summary>
    public Tensor contiguous() => ContiguousOp.Call(this);

    /// <summary>A copy in memory of its own.</summary>
    public Tensor clone() => CloneOp.Call(this);

    /// <summary>The same memory without history: gradients stop here.</summary>
    public Tensor detach() => DetachOp.Call(this);

    /// <summary>A view of the whole tensor.</summary>
    public Tensor alias() => AliasOp.Call(this);

    /// <summary>A view with any shape and strides over the memory.</summary>
    public Tensor as_strided(long[] shape, long[] strides, long? offset = null) =>
        AsStridedOp.Call(this, shape, strides, offset);

    /// <summary>Overwrites the elements with those of another tensor, with broadcasting.</summary>
    public Tensor copy_(Tensor source)
    {
        CopyInPlaceOp.CallInPlace(this, source);
        return this;
    }

    /// <summary>Overwrites every element.</summary>
    public Tensor fill_(Scalar value)
    {
        FillScalarInPlaceOp.CallInPlace(this, value);
        return this;
    }

    /// <summary>Views of pieces of a size along a dimension.</summary>
    public Tensor[] split(long size, long dim = 0) => SplitTensorOp.CallList(this, size, dim);

    /// <summary>Views of pieces of given sizes along a dimension.</summary>
    public Tensor[] split(long[] sizes, long dim = 0) => SplitWithSizesOp.CallList(this, sizes, dim);

    /// <summary>Views of equal pieces of a dimension.</summary>
    public Tensor[] chunk(long count, long dim = 0) => ChunkOp.CallList(this, count, dim);

    /// <summary>A view of every entry of a dimension.</summary>
    public Tensor[] unbind(long dim = 0) => UnbindIntOp.CallList(this, dim);
}
