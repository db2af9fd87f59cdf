namespace Interp.Tokenizers;

/// <summary>A text or an id that a tokenizer cannot turn into the other.</summary>
public class TokenizerException : Exception
{
    /// <param name="message">One sentence: what was asked, what is allowed, what to do.</param>
    public TokenizerException(string message) : base(ErrorText.OneLine(message)) { }

    /// <inheritdoc cref="TokenizerException(string)"/>
    /// <param name="message">One sentence.</param>
    /// <param name="inner">The error underneath.</param>
    public TokenizerException(string message, Exception inner) : base(ErrorText.OneLine(message), inner) { }
}
