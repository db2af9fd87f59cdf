using System.Buffers;
using Interp.Tokenizers.ByteLevel;

namespace Interp.Tokenizers.PreTokenizers;

/// <summary>
/// The step that gives byte-level BPE its name: cut into words as GPT-2 does (where <c>use_regex</c> is on), then
/// write each word's UTF-8 bytes in the <see cref="ByteAlphabet"/>. After it no text is unknown.
/// </summary>
/// <param name="addPrefixSpace">Put a space before a text without one, so that the first word is like others.</param>
/// <param name="useRegex">Cut into words; off where an earlier step has already done so.</param>
internal sealed class ByteLevelStep(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    public override void Split(ReadOnlySpan<char> text, IPieceSink next)
    {
        if (text.IsEmpty) return;
        if (addPrefixSpace && text[0] != ' ') text = string.Concat(" ", text);
        var buffer = ArrayPool<char>.Shared.Rent(256);
        while (!text.IsEmpty)
        {
            var length = useRegex ? Gpt2Words.Next(text) : text.Length;
            if (buffer.Length < 3L * length)
            {
                ArrayPool<char>.Shared.Return(buffer);
                buffer = ArrayPool<char>.Shared.Rent(checked(3 * length));
            }
            var count = ByteAlphabet.Write(text[..length], buffer);
            next.Add(buffer.AsSpan(0, count));
            text = text[length..];
        }
        ArrayPool<char>.Shared.Return(buffer);
    }
}
