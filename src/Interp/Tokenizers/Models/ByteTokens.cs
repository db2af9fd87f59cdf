using System.Text;

namespace Interp.Tokenizers.Models;

/// <summary>
/// The 256 tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c> with which SentencePiece spells a character that is no
/// token ("byte fallback").
/// </summary>
internal sealed class ByteTokens
{
    private readonly int[] ids = new int[256];

    public ByteTokens(Vocabulary vocabulary)
    {
        for (var value = 0; value < 256; value++) ids[value] = vocabulary.Find($"<0x{value:X2}>") ?? -1;
    }

    /// <summary>Adds the tokens of the UTF-8 bytes; adds nothing and says no where one of them is missing.</summary>
    public bool TryAdd(ReadOnlySpan<char> text, List<int> output)
    {
        var before = output.Count;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
            {
                if (ids[value] >= 0)
                {
                    output.Add(ids[value]);
                    continue;
                }
                output.RemoveRange(before, output.Count - before);
                return false;
            }
        }
        return true;
    }

    /// <summary>The byte that a token spells, or −1.</summary>
    public static int ByteOf(string token) =>
        token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value)
            ? value
            : -1;
}
