namespace Interp.Loading;

/// <summary>A model that cannot be loaded as it is: unknown architecture, a weight or setting that does not fit.</summary>
public sealed class ModelLoadException : IOException
{
    /// <param name="message">What is wrong, where, and what to do.</param>
    public ModelLoadException(string message) : base(ErrorText.OneLine(message)) { }

    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="inner">The cause.</param>
    public ModelLoadException(string message, Exception inner) : base(ErrorText.OneLine(message), inner) { }
}
