namespace Interp.Torch;

/// <summary>An error reported by the tensor engine, with ATen's own message.</summary>
public sealed class TorchException : InvalidOperationException
{
    /// <param name="message">What went wrong, in ATen's words.</param>
    public TorchException(string message) : base(message) { }

    /// <param name="message">What went wrong.</param>
    /// <param name="inner">The cause.</param>
    public TorchException(string message, Exception inner) : base(message, inner) { }
}
