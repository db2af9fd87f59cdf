using System.Text;

namespace Interp.Tokenizers;

/// <summary>Makes text well-formed, and bytes visible.</summary>
internal static class TextRepair
{
    /// <summary>The text with every lone surrogate replaced by U+FFFD; the same instance where there is none.</summary>
    public static string WellFormed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!HasLoneSurrogate(text)) return text;
        var repaired = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) repaired.Append(rune);
        return repaired.ToString();
    }

    /// <summary>UTF-8 as text; bytes that are not UTF-8 as <c>&lt;0xE2&gt;</c>, each its own.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        var shown = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == System.Buffers.OperationStatus.Done)
                shown.Append(rune);
            else
                foreach (var value in bytes[..used]) shown.Append($"<0x{value:X2}>");
            bytes = bytes[used..];
        }
        return shown.ToString();
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return true;
            i++;
        }
        return false;
    }
}
