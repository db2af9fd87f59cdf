namespace Interp.Tokenizers.PreTokenizers;

/// <summary>
/// SentencePiece's spaces: each becomes <c>▁</c> (U+2581), one goes in front, and the text is cut before each. It
/// rewrites, so it stands last and the tokenizer runs it itself; as a plain step it only cuts.
/// </summary>
internal sealed class MetaspaceStep(char replacement, PrependScheme scheme, bool split) : PreTokenizer
{
    public char Replacement => replacement;

    public PrependScheme Scheme => scheme;

    /// <summary>Cuts text in which the spaces are already written as the replacement.</summary>
    public override void Split(ReadOnlySpan<char> text, IPieceSink next)
    {
        while (!text.IsEmpty)
        {
            var cut = split ? text[1..].IndexOf(replacement) : -1;
            var length = cut < 0 ? text.Length : cut + 1;
            next.Add(text[..length]);
            text = text[length..];
        }
    }
}
