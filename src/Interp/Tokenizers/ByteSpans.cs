using System.Text;
using Interp.Tokenizers.Normalization;

namespace Interp.Tokenizers;

/// <summary>
/// Places of tokens that spell a text byte for byte, in order and without gaps: the byte counts say where each lies.
/// </summary>
internal static class ByteSpans
{
    /// <summary>Adds a span for each id.</summary>
    /// <param name="spans">Where they go.</param>
    /// <param name="text">The text as the bytes spell it; it knows where it comes from.</param>
    /// <param name="spaceInFront">Whether the first byte is a space that is not in the text.</param>
    /// <param name="ids">The tokens.</param>
    /// <param name="lengths">How many bytes each token spells.</param>
    /// <returns>False where the bytes do not add up: a part of the text has no token.</returns>
    public static bool TryAdd(
        List<TokenSpan> spans, TrackedText text, bool spaceInFront, IReadOnlyList<long> ids, Func<long, int> lengths)
    {
        var charOfByte = CharOfByte(text.Span, spaceInFront);
        var at = 0;
        foreach (var id in ids)
        {
            var end = at + lengths(id);
            if (end >= charOfByte.Length || end == at) return false;
            // The last byte's character belongs to the token even where the character goes on in the next token.
            var (from, to) = (charOfByte[at], charOfByte[end - 1]);
            if (to >= 0) to += char.IsHighSurrogate(text.Span[to]) ? 2 : 1;
            var (start, stop) = to < 0 ? text.Origin(0, 0) : text.Origin(Math.Max(from, 0), to);
            spans.Add(new TokenSpan(id, start, stop));
            at = end;
        }
        return at == charOfByte.Length - 1;
    }

    // For each byte the index of its character; −1 for the space in front. One more entry than bytes.
    private static int[] CharOfByte(ReadOnlySpan<char> text, bool spaceInFront)
    {
        var map = new int[Encoding.UTF8.GetByteCount(text) + (spaceInFront ? 2 : 1)];
        var at = 0;
        if (spaceInFront) map[at++] = -1;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var used);
            for (var left = rune.Utf8SequenceLength; left > 0; left--) map[at++] = i;
            i += used;
        }
        map[at] = text.Length;
        return map;
    }
}
