namespace Interp.Torch;

public static partial class torch
{
    /// <summary>What networks need beside tensors: initial values and care for gradients.</summary>
    public static partial class nn
    {
    }
}
