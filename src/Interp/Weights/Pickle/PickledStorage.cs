namespace Interp.Weights;

/// <summary>A block of elements that a PyTorch file stores under a key; tensors are views of it.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="DType">The element type its class names.</param>
/// <param name="Start">The first element, from the start of the block; not 0 only for views in old files.</param>
/// <param name="Count">The number of elements.</param>
internal sealed record PickledStorage(string Key, WeightDType DType, long Start, long Count)
{
    public long Bytes => Count * DType.Size();
}
