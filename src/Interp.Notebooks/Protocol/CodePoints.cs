namespace Interp.Notebooks.Protocol;

/// <summary>Places in a text: the protocol counts characters of Unicode, .NET units of UTF-16.</summary>
internal static class CodePoints
{
    /// <summary>The UTF-16 place of a character.</summary>
    public static int ToUtf16(string text, int position)
    {
        var at = 0;
        for (; position > 0 && at < text.Length; position--) at += char.IsSurrogatePair(text, at) ? 2 : 1;
        return at;
    }

    /// <summary>The number of characters before a UTF-16 place.</summary>
    public static int FromUtf16(string text, int position)
    {
        var count = 0;
        for (var at = 0; at < position; count++) at += char.IsSurrogatePair(text, at) ? 2 : 1;
        return count;
    }
}
