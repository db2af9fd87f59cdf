namespace Interp.Weights;

/// <summary>A tensor of a PyTorch file: a view of a storage, checked against the storage's bounds.</summary>
public sealed class PickledTensor
{
    internal PickledTensor(PickledStorage storage, WeightDType dtype, long offset, long[] shape, long[] strides)
    {
        Storage = storage;
        DType = dtype;
        Offset = offset;
        Shape = shape;
        Strides = strides;
    }

    /// <summary>The element type in the file.</summary>
    public WeightDType DType { get; }

    /// <summary>The first element, counted from the start of the storage.</summary>
    public long Offset { get; }

    /// <summary>The size of each dimension.</summary>
    public long[] Shape { get; }

    /// <summary>The distance between neighbours in each dimension, in elements.</summary>
    public long[] Strides { get; }

    /// <summary>Whether the tensor was a parameter or asked for gradients; the loaded tensor never does.</summary>
    public bool RequiresGrad { get; internal set; }

    internal PickledStorage Storage { get; }

    /// <summary>The elements from the first to the last one of the view; 0 where it is empty.</summary>
    internal long Extent => Shape.Contains(0) ? 0 : 1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();

    /// <summary>The type and shape: <c>F32 [64, 128]</c>.</summary>
    public override string ToString() => $"{DType.SafeTensorsName()} [{string.Join(", ", Shape)}]";
}
