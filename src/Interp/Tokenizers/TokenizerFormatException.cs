namespace Interp.Tokenizers;

/// <summary>
/// A tokenizer file that is damaged, or that asks for something this toolkit does not do. The message names the file
/// and the setting.
/// </summary>
public sealed class TokenizerFormatException : TokenizerException
{
    /// <param name="message">One sentence that names the file, the place and what was expected.</param>
    public TokenizerFormatException(string message) : base(message) { }

    /// <inheritdoc cref="TokenizerFormatException(string)"/>
    /// <param name="message">One sentence.</param>
    /// <param name="inner">The error underneath.</param>
    public TokenizerFormatException(string message, Exception inner) : base(message, inner) { }
}
