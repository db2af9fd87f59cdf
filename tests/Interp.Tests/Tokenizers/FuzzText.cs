using System.Text;

namespace Interp.Tests.Tokenizers;

/// <summary>Random well-formed text from every corner of Unicode, by seed.</summary>
internal static class FuzzText
{
    private static readonly (int From, int To)[] Ranges =
    [
        (0x20, 0x7E), (0x20, 0x7E), (0x61, 0x7A), (0x00, 0x1F), (0x7F, 0xFF), (0x100, 0x24F), (0x300, 0x36F),
        (0x370, 0x52F), (0x590, 0x6FF), (0x900, 0xDFF), (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x2000, 0x206F),
        (0x2070, 0x27BF), (0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xE000, 0xFFFF), (0x10000, 0x10FFF),
        (0x11000, 0x12FFF), (0x1D000, 0x1D7FF), (0x1F000, 0x1FAFF), (0x20000, 0x2FA1F), (0xE0000, 0xE01EF),
        (0xF0000, 0x10FFFF),
    ];

    private static readonly string[] Chunks =
    [
        " ", "  ", "\n", "\r\n", "\t", "    ", "\u00A0", "\u3000", "\u0085", "\u2028", "'s", "'re", "'LL", " the",
        "Hello", "12345", "e\u0301", "\u0344", "\u1100\u1161\u11A8", "👩‍👩‍👧", "🇫🇷", "<|endoftext|>", "<|padding|>",
        "한국어", "naïve", "𝒜𝒷",
        "\u0B47\u0B3E", "\u212B", "\uFB1D", "\uFEFF", "\u180E", "!!!", "...", "$1.00", "_", "\0", "०१२",
        "²³", "Ⅷ", "[PAD]",
    ];

    public static string Next(Random random)
    {
        var text = new StringBuilder();
        for (var left = random.Next(0, 40); left > 0; left--)
        {
            if (random.Next(3) == 0) AppendRepeated(text, Chunks[random.Next(Chunks.Length)], random);
            else AppendRepeated(text, NextRune(random).ToString(), random);
        }
        return text.ToString();
    }

    private static void AppendRepeated(StringBuilder text, string chunk, Random random)
    {
        for (var times = random.Next(12) == 0 ? random.Next(2, 40) : 1; times > 0; times--) text.Append(chunk);
    }

    private static Rune NextRune(Random random)
    {
        var (from, to) = Ranges[random.Next(Ranges.Length)];
        return new Rune(random.Next(from, to + 1));
    }
}
