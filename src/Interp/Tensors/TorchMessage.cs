namespace Interp.Tensors;

/// <summary>What TorchSharp's and libtorch's errors say, without the C++ frames that follow it.</summary>
public static class TorchMessage
{
    private static readonly string[] Frames = ["\nException raised from ", "\nframe #", " (most recent call first)"];

    /// <summary>The message of an error, made fit for people.</summary>
    public static string Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var message = error.Message;
        foreach (var mark in Frames)
            if (message.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var start) message = message[..start];
        return message.StartsWith("Tensor invalid -- empty handle", StringComparison.Ordinal)
            ? "the tensor was disposed; if a DisposeScope owned it, move it out with MoveToOuterDisposeScope()"
            : message.TrimEnd();
    }
}
