using System.Text;

namespace Interp.Tokenizers.ByteLevel;

/// <summary>
/// The 256 visible characters under which byte-level vocabularies write bytes (Radford et al. 2019, GPT-2's
/// <c>bytes_to_unicode</c>).
/// </summary>
/// <remarks>
/// A vocabulary file is text, and bytes are not. So every byte gets a character that prints: the bytes that are
/// printable in Latin-1 stand for themselves, the other 68 take U+0100, U+0101, … in order. A space (0x20) is the
/// 33rd of those, <c>Ġ</c> (U+0120), which is why <c>Ġthe</c> is the token for <c>" the"</c>.
/// </remarks>
internal static class ByteAlphabet
{
    /// <summary>One more than the largest character of the alphabet.</summary>
    public const int End = 0x144;

    private static readonly char[] Chars = Build();
    private static readonly short[] Bytes = Invert();

    public static char CharOf(byte value) => Chars[value];

    /// <summary>The byte that a character stands for, or −1.</summary>
    public static int ByteOf(char character) => character < End ? Bytes[character] : -1;

    /// <summary>The bytes of a vocabulary entry, or null where a character is not of the alphabet.</summary>
    public static byte[]? BytesOf(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = ByteOf(token[i]);
            if (value < 0) return null;
            bytes[i] = (byte)value;
        }
        return bytes;
    }

    /// <summary>Writes the UTF-8 bytes of a text in the alphabet; returns how many characters that took.</summary>
    /// <param name="text">Well-formed text.</param>
    /// <param name="output">At least three characters for each of the text.</param>
    public static int Write(ReadOnlySpan<char> text, Span<char> output)
    {
        var count = 0;
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80)
            {
                output[count++] = Chars[text[i]];
                continue;
            }
            Rune.DecodeFromUtf16(text[i..], out var rune, out var used);
            i += used - 1;
            var length = rune.EncodeToUtf8(utf8);
            foreach (var value in utf8[..length]) output[count++] = Chars[value];
        }
        return count;
    }

    private static char[] Build()
    {
        var chars = new char[256];
        var next = (char)0x100;
        for (var value = 0; value < 256; value++)
        {
            var prints = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            chars[value] = prints ? (char)value : next++;
        }
        return chars;
    }

    private static short[] Invert()
    {
        var bytes = new short[End];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++) bytes[Chars[value]] = (short)value;
        return bytes;
    }
}
