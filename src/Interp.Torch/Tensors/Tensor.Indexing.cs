using Interp.Torch.Engine;
using static Interp.Torch.TensorIndex;

namespace Interp.Torch;

// x[...] as in Python: positions, ranges, new axes and an ellipsis give views; tensors and masks give copies.
public sealed partial class Tensor
{
    private static readonly Operator IndexOp = Operator.Get("aten::index.Tensor");
    private static readonly Operator IndexPutOp = Operator.Get("aten::index_put_");

    /// <summary>The part of the tensor that an index names; assignment writes through it, with broadcasting.</summary>
    /// <exception cref="TorchException">A position is out of range.</exception>
    /// <exception cref="ArgumentException">More dimensions are indexed than there are.</exception>
    public Tensor this[params ReadOnlySpan<TensorIndex> indices]
    {
        get
        {
            var (view, tensors) = View(indices);
            if (tensors is null) return view;
            using (view) return IndexOp.Call(view, tensors);
        }
        set
        {
            var (view, tensors) = View(indices);
            using (view)
            {
                if (tensors is null)
                    view.copy_(value);
                else
                    using (var values = value.to(dtype)) IndexPutOp.CallInPlace(view, tensors, values, false);
            }
        }
    }

    /// <summary>Overwrites the elements that an index names, as <c>x[mask] = 0</c> does in Python.</summary>
    public Tensor fill_(Scalar value, params ReadOnlySpan<TensorIndex> indices)
    {
        using var number = torch.full([], value, dtype, device);
        this[indices] = number;
        return this;
    }

    /// <summary>
    /// Puts values at positions that tensors list, one tensor a dimension; with accumulate they are added to
    /// what is there.
    /// </summary>
    public Tensor index_put_(Tensor[] positions, Tensor values, bool accumulate = false)
    {
        IndexPutOp.CallInPlace(this, positions, values, accumulate);
        return this;
    }

    /// <summary>
    /// Does the views at once; what is left for advanced indexing is
    /// one tensor, or null, a dimension.
    /// </summary>
    private (Tensor View, Tensor?[]? Tensors) View(ReadOnlySpan<TensorIndex> indices)
    {
        CheckIndexCount(indices);
        var view = this;
        List<Tensor?>? tensors = null;
        var dimension = 0;
        for (var k = 0; k < indices.Length; k++)
        {
            var index = indices[k];
            var previous = view;
            switch (index.Kind)
            {
                case IndexKind.Position:
                    view = Replace(previous, previous.select(dimension, index.Start!.Value));
                    break;
                case IndexKind.Slice:
                    if (index.Start is not null || index.Stop is not null || index.Step != 1)
                        view = Replace(previous, previous.slice(dimension, index.Start, index.Stop, index.Step));
                    dimension++;
                    break;
                case IndexKind.NewAxis:
                    view = Replace(previous, previous.unsqueeze(dimension++));
                    break;
                case IndexKind.Ellipsis:
                    dimension += Skipped(indices);
                    break;
                case IndexKind.Tensor:
                    tensors ??= [];
                    while (tensors.Count < dimension) tensors.Add(null);
                    tensors.Add(index.Positions);
                    dimension += Consumed(index);
                    break;
            }
        }
        return (view == this ? alias() : view, tensors?.ToArray());
    }

    /// <summary>The next view; the one it was taken from is not needed any more, unless it is this tensor.</summary>
    private Tensor Replace(Tensor old, Tensor view)
    {
        if (old != this) old.Dispose();
        return view;
    }

    /// <summary>The dimensions that one part of an index uses up: a mask as many as it has.</summary>
    private static int Consumed(TensorIndex index) => index.Kind switch
    {
        IndexKind.NewAxis or IndexKind.Ellipsis => 0,
        IndexKind.Tensor when index.Positions!.dtype is ScalarType.Bool or ScalarType.Byte => index.Positions.dim(),
        _ => 1,
    };

    private int Skipped(ReadOnlySpan<TensorIndex> indices)
    {
        var used = 0;
        foreach (var index in indices) used += Consumed(index);
        return dim() - used;
    }

    private void CheckIndexCount(ReadOnlySpan<TensorIndex> indices)
    {
        var ellipses = 0;
        foreach (var index in indices)
            if (index.Kind == IndexKind.Ellipsis) ellipses++;
        if (ellipses > 1) throw new ArgumentException("an index can have one ellipsis, not " + ellipses);
        if (Skipped(indices) < 0)
            throw new ArgumentException(
                $"the index names {dim() - Skipped(indices)} dimensions, but the tensor {Summary} has {dim()}");
    }
}
