using System.Globalization;
using System.Text;

namespace Interp.Tokenizers.Normalization;

/// <summary>The rewritings of single characters that tokenizer files name.</summary>
internal static class CharacterRules
{
    /// <summary>
    /// Lower case by the full mapping of each character on its own: İ becomes i and a dot above, and Σ is σ wherever
    /// it stands (the Rust library maps character by character; JavaScript's final ς is another rule).
    /// </summary>
    public static Normalizer Lowercase { get; } = new RuneNormalizer(keepsAscii: false, rune =>
    {
        if (rune.Value == 0x130) return "i\u0307";
        var lower = Rune.ToLowerInvariant(rune);
        return lower == rune ? null : lower.ToString();
    });

    /// <summary>Drops every mark (M), the setting <c>StripAccents</c>; it expects decomposed text.</summary>
    public static Normalizer DropMarks { get; } = new RuneNormalizer(keepsAscii: true,
        rune => Category(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark ? "" : null);

    /// <summary>Drops non-spacing marks (Mn), as BERT does.</summary>
    public static Normalizer DropNonSpacingMarks { get; } = new RuneNormalizer(keepsAscii: true,
        rune => Category(rune) == UnicodeCategory.NonSpacingMark ? "" : null);

    /// <summary>BERT's cleaning: control characters and U+FFFD go, any white space is a space.</summary>
    public static Normalizer Clean { get; } = new RuneNormalizer(keepsAscii: true, rune =>
        rune.Value is '\t' or '\n' or '\r' ? " "
        : rune.Value is 0 or 0xFFFD || IsOther(rune) ? ""
        : Rune.IsWhiteSpace(rune) ? " "
        : null);

    /// <summary>BERT's spaces around Chinese characters, each a word of its own.</summary>
    public static Normalizer SpaceChinese { get; } =
        new RuneNormalizer(keepsAscii: true, rune => IsChinese(rune.Value) ? $" {rune} " : null);

    // Control, format, surrogate, private use, unassigned.
    private static bool IsOther(Rune rune) => Category(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    // The CJK unified ideographs and compatibility blocks that BERT's authors list (tokenization.py).
    private static bool IsChinese(int code) =>
        code is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
            or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF)
            or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    private static UnicodeCategory Category(Rune rune) => Rune.GetUnicodeCategory(rune);
}
