using Interp.Torch.Engine;

namespace Interp.Torch;

// More shapes, views and copies.
public sealed partial class Tensor
{
    private static readonly Operator MovedimIntOp = Operator.Get("aten::movedim.int");
    private static readonly Operator BroadcastToOp = Operator.Get("aten::broadcast_to");
    private static readonly Operator RepeatInterleaveSelfTensorOp = Operator.Get("aten::repeat_interleave.self_Tensor");
    private static readonly Operator TileOp = Operator.Get("aten::tile");
    private static readonly Operator DiagEmbedOp = Operator.Get("aten::diag_embed");

    /// <summary>A view with one dimension moved to another place.</summary>
    public Tensor movedim(long source, long destination) => MovedimIntOp.Call(this, source, destination);

    /// <summary>A view with the shape of the broadcast.</summary>
    public Tensor broadcast_to(params long[] shape) => BroadcastToOp.Call(this, shape);

    /// <summary>A view or copy with the shape of another tensor.</summary>
    public Tensor reshape_as(Tensor other) => reshape(other.shape);

    /// <summary>The same memory with the shape of another tensor.</summary>
    public Tensor view_as(Tensor other) => view(other.shape);

    /// <summary>The last two dimensions exchanged, as a view.</summary>
    public Tensor mT() => transpose(-2, -1);

    /// <summary>Every entry of a dimension repeated as often as a tensor says.</summary>
    public Tensor repeat_interleave(Tensor times, long? dim = null) =>
        RepeatInterleaveSelfTensorOp.Call(this, times, dim);

    /// <summary>A copy repeated along every dimension, the last ones first.</summary>
    public Tensor tile(params long[] times) => TileOp.Call(this, times);

    /// <summary>A vector as a diagonal of a matrix, or a diagonal of a matrix.</summary>
    public Tensor diag(long diagonal) => DiagOp.Call(this, diagonal);

    /// <summary>The last dimension as the diagonal of two new ones.</summary>
    public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) =>
        DiagEmbedOp.Call(this, offset, dim1, dim2);

    /// <summary>The tensor with elements of float32: itself where they are.</summary>
    public Tensor @float() => to(ScalarType.Float32);

    /// <summary>The tensor with elements of float64: itself where they are.</summary>
    public Tensor @double() => to(ScalarType.Float64);

    /// <summary>The tensor with elements of float16: itself where they are.</summary>
    public Tensor half() => to(ScalarType.Float16);

    /// <summary>The tensor with elements of bfloat16: itself where they are.</summary>
    public Tensor bfloat16() => to(ScalarType.BFloat16);

    /// <summary>The tensor with elements of int64: itself where they are.</summary>
    public Tensor @long() => to(ScalarType.Int64);

    /// <summary>The tensor with elements of int32: itself where they are.</summary>
    public Tensor @int() => to(ScalarType.Int32);

    /// <summary>True where an element is not 0.</summary>
    public Tensor @bool() => to(ScalarType.Bool);
}
