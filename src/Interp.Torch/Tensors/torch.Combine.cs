using Interp.Torch.Engine;

namespace Interp.Torch;

// Functions of several tensors.
public static partial class torch
{
    private static readonly Operator CatOp = Operator.Get("aten::cat");
    private static readonly Operator StackOp = Operator.Get("aten::stack");
    private static readonly Operator EinsumOp = Operator.Get("aten::einsum");
    private static readonly Operator WhereOp = Operator.Get("aten::where.self");
    private static readonly Operator AddmmOp = Operator.Get("aten::addmm");
    private static readonly Operator BroadcastOp = Operator.Get("aten::broadcast_tensors");
    private static readonly Operator ComplexOp = Operator.Get("aten::complex");
    private static readonly Operator MeshgridOp = Operator.Get("aten::meshgrid.indexing");
    private static readonly Operator UniqueOp = Operator.Get("aten::_unique2");
    private static readonly Operator CdistOp = Operator.Get("aten::cdist");
    private static readonly Operator SearchsortedOp = Operator.Get("aten::searchsorted.Tensor");

    /// <summary>Tensors joined along a dimension that they have.</summary>
    public static Tensor cat(Tensor[] tensors, long dim = 0) => CatOp.Call(tensors, dim);

    /// <summary>Tensors of one shape joined along a new dimension.</summary>
    public static Tensor stack(Tensor[] tensors, long dim = 0) => StackOp.Call(tensors, dim);

    /// <summary>Sums of products in Einstein's notation, for example <c>"bqhd,bkhd->bhqk"</c>.</summary>
    public static Tensor einsum(string equation, params Tensor[] tensors) => EinsumOp.Call(equation, tensors);

    /// <summary>Elements of a where the condition is true, else of b.</summary>
    public static Tensor where(Tensor condition, Tensor a, Tensor b) => WhereOp.Call(condition, a, b);

    /// <summary>bias + a · b for matrices.</summary>
    public static Tensor addmm(Tensor bias, Tensor a, Tensor b) => AddmmOp.Call(bias, a, b);

    /// <summary>Views of one common shape.</summary>
    public static Tensor[] broadcast_tensors(params Tensor[] tensors) => BroadcastOp.CallList(tensors);

    /// <summary>A complex tensor from its parts.</summary>
    public static Tensor complex(Tensor real, Tensor imaginary) => ComplexOp.Call(real, imaginary);

    /// <summary>Coordinates of a grid, the first tensor along the rows.</summary>
    public static Tensor[] meshgrid(params Tensor[] axes) => MeshgridOp.CallList(axes, "ij");

    /// <summary>
    /// The different elements in order, where each element's value stands
    /// among them, and how often it occurs.
    /// </summary>
    public static (Tensor values, Tensor inverse, Tensor counts) unique(Tensor input) =>
        UniqueOp.CallTriple(input, true, true, true);

    /// <summary>Distances of all rows of a from all rows of b, in the p-norm.</summary>
    public static Tensor cdist(Tensor a, Tensor b, double p = 2) => CdistOp.Call(a, b, p);

    /// <summary>The first places in a sorted tensor where values could be inserted.</summary>
    public static Tensor searchsorted(Tensor sorted, Tensor values, bool right = false) =>
        SearchsortedOp.Call(sorted, values, false, right);
}
