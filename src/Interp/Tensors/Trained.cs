using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>Tensors as what TorchSharp's optimizers and modules take.</summary>
public static class Trained
{
    /// <summary>A parameter over the same native tensor: training it changes the tensor, and both show its gradient.</summary>
    /// <param name="tensor">A leaf of real floats.</param>
    /// <exception cref="ArgumentException">It holds no real floats, or recorded operations made it.</exception>
    public static Parameter Parameter(Tensor tensor)
    {
        if (tensor is Parameter parameter) return parameter;
        if (!tensor.dtype.IsFloatingPoint() || !tensor.is_leaf)
            throw new ArgumentException($"only a leaf of real floats can be trained; this is {tensor.Summary}" +
                (tensor.is_leaf ? "" : ", the result of recorded operations: detach() it"));
        var shared = new Parameter(tensor.Share().DetachFromDisposeScope());
        return (Parameter)shared.DetachFromDisposeScope();
    }
}
