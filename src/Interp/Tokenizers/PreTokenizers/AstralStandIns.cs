using System.Globalization;
using System.Text;

namespace Interp.Tokenizers.PreTokenizers;

/// <summary>For each Unicode general category one character up to U+FFFF that stands for all those beyond.</summary>
internal static class AstralStandIns
{
    private static readonly char[] ByCategory = Find();

    public static char For(Rune rune) => ByCategory[(int)Rune.GetUnicodeCategory(rune)];

    /// <summary>Whether a range of characters in a pattern would mistake a stand-in for its own.</summary>
    public static bool AnyWithin(char from, char to) => ByCategory.Any(standIn => standIn >= from && standIn <= to);

    // From U+1000 up: scripts that no pattern spells out. Space, line and control characters have no astral members.
    private static char[] Find()
    {
        var found = new char[(int)UnicodeCategory.OtherNotAssigned + 1];
        for (var code = 0x1000; code < 0xF000; code++)
        {
            var category = CharUnicodeInfo.GetUnicodeCategory((char)code);
            if (found[(int)category] == 0 && category != UnicodeCategory.Surrogate) found[(int)category] = (char)code;
        }
        return found;
    }
}
