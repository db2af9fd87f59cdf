namespace Interp.Tokenizers.PreTokenizers;

/// <summary>GPT-2's words as a step of its own: a <c>Split</c> setting that spells GPT-2's pattern out.</summary>
internal sealed class Gpt2WordsStep : PreTokenizer
{
    public override void Split(ReadOnlySpan<char> text, IPieceSink next)
    {
        while (!text.IsEmpty)
        {
            var length = Gpt2Words.Next(text);
            next.Add(text[..length]);
            text = text[length..];
        }
    }
}
