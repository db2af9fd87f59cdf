using System.Text;

namespace Interp.Tokenizers.PreTokenizers;

/// <summary>
/// Cuts text where GPT-2 does (Radford et al. 2019, <c>encoder.py</c>), written by hand instead of as a regex.
/// </summary>
/// <remarks>
/// The pattern, tried in this order at every position:
/// <code>
/// 's|'t|'re|'ve|'m|'ll|'d      a contraction's end
/// | ?\p{L}+                     letters, with one space before
/// | ?\p{N}+                     digits
/// | ?[^\s\p{L}\p{N}]+           anything else that is not white space
/// |\s+(?!\S)                    white space, all but the last one before a word
/// |\s+                          white space
/// </code>
/// .NET's regular expressions see UTF-16 units, so a letter beyond U+FFFF (𝒜, 𐎠) is two surrogates and no letter to
/// them. This scanner sees code points. Classes are the Unicode general categories of the .NET runtime; white space
/// is Unicode's White_Space. Every character is matched by some alternative, so the words cover the text.
/// </remarks>
internal static class Gpt2Words
{
    /// <summary>The pattern as tokenizer files write it.</summary>
    public const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private enum Kind : byte
    {
        Letter,
        Number,
        Space,
        Other,
    }

    private static readonly Kind[] Ascii = [.. Enumerable.Range(0, 128).Select(code => Classify(new Rune(code)))];

    /// <summary>The length of the first word of a text that is well-formed and not empty.</summary>
    public static int Next(ReadOnlySpan<char> text)
    {
        var contraction = Contraction(text);
        if (contraction > 0) return contraction;
        var start = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        var kind = KindAt(text, start, out var used);
        if (kind == Kind.Space) return Spaces(text);
        var end = start + used;
        while (end < text.Length && KindAt(text, end, out used) == kind) end += used;
        return end;
    }

    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text[0] != '\'' || text.Length < 2) return 0;
        if (text[1] is 's' or 't' or 'm' or 'd') return 2;
        if (text.Length < 3) return 0;
        return (text[1], text[2]) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    // White space before a word leaves its last character to the word (or to stand alone, where it is not ' ').
    private static int Spaces(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && KindAt(text, end, out _) == Kind.Space) end++;
        return end == text.Length || end == 1 ? end : end - 1;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int index, out int used)
    {
        var first = text[index];
        used = 1;
        if (first < 128) return Ascii[first];
        Rune.DecodeFromUtf16(text[index..], out var rune, out used);
        return Classify(rune);
    }

    private static Kind Classify(Rune rune) =>
        Rune.IsLetter(rune) ? Kind.Letter
        : Rune.IsNumber(rune) ? Kind.Number
        : Rune.IsWhiteSpace(rune) ? Kind.Space
        : Kind.Other;
}
