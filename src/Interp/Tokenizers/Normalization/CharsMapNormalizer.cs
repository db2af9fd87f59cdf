using System.Globalization;
using System.Text;

namespace Interp.Tokenizers.Normalization;

/// <summary>
/// A <see cref="CharsMap"/> as <c>tokenizer.json</c> uses it (<c>Precompiled</c>): grapheme by grapheme. A grapheme of
/// at most five bytes with a rule for its beginning is replaced as a whole; otherwise each character is looked up.
/// </summary>
/// <remarks>SentencePiece itself takes the longest rule at each place (<c>SentencePieceNormalizer</c>); the two differ
/// in rare sequences of marks, and each kind of file is read as its own library reads it.</remarks>
internal sealed class CharsMapNormalizer(CharsMap map) : Normalizer
{
    private const int LongestWhole = 5;

    public override void Apply(TrackedText source, TrackedText output)
    {
        var text = source.Span;
        Span<byte> utf8 = stackalloc byte[16];
        for (var at = 0; at < text.Length;)
        {
            var end = at + StringInfo.GetNextTextElementLength(text[at..]);
            var whole = end - at <= LongestWhole ? Encoding.UTF8.GetByteCount(text[at..end]) : int.MaxValue;
            if (whole <= LongestWhole
                && map.Find(utf8[..Encoding.UTF8.GetBytes(text[at..end], utf8)], longest: false, out _) is { } all)
                output.Append(all, source, at, end);
            else ApplyToEach(source, at, end, output);
            at = end;
        }
    }

    private void ApplyToEach(TrackedText source, int from, int to, TrackedText output)
    {
        Span<byte> utf8 = stackalloc byte[4];
        for (var at = from; at < to;)
        {
            Rune.DecodeFromUtf16(source.Span[at..], out var rune, out var used);
            if (map.Find(utf8[..rune.EncodeToUtf8(utf8)], longest: false, out _) is { } changed)
                output.Append(changed, source, at, at + used);
            else output.Copy(source, at, at + used);
            at += used;
        }
    }
}
