using System.Runtime.InteropServices;

namespace Interp.Tensors;

/// <summary>libtorch refused a call that the toolkit made past TorchSharp; TorchSharp's own errors have the same base.</summary>
/// <param name="message">What was called, and what can be said of why.</param>
public sealed class TorchException(string message) : ExternalException(message);
