using System.Globalization;
using System.Text;

namespace Interp.Tokenizers.AddedTokens;

/// <summary>
/// Finds added tokens in a text, leftmost first and of those the longest, and honours their flags: a token marked
/// <c>single_word</c> needs a word boundary on both sides, <c>lstrip</c> and <c>rstrip</c> swallow white space.
/// </summary>
internal sealed class AddedTokenSplitter
{
    private readonly Node root = new();

    /// <param name="tokens">The tokens to find, each with the spelling it has in the text searched.</param>
    public AddedTokenSplitter(IEnumerable<(string Spelling, AddedToken Token)> tokens)
    {
        foreach (var (spelling, token) in tokens)
        {
            var node = root;
            foreach (var character in spelling)
            {
                if (!node.Next.TryGetValue(character, out var next)) node.Next[character] = next = new Node();
                node = next;
            }
            if (spelling.Length > 0) node.Token = token;
        }
    }

    /// <summary>Cuts the text: stretches of text (token null) and tokens, in order, none empty.</summary>
    public IEnumerable<(int Start, int End, AddedToken? Token)> Split(string text)
    {
        var done = 0;
        for (var at = 0; at < text.Length && root.Next.Count > 0;)
        {
            if (Longest(text, at, out var length) is not { } token)
            {
                at++;
                continue;
            }
            var (start, end) = (at, at + length);
            at = end;
            if (token.SingleWord && (WordBefore(text, start) || WordAfter(text, end))) continue;
            if (token.LeftStrip) while (start > done && char.IsWhiteSpace(text[start - 1])) start--;
            if (token.RightStrip) while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
            if (start > done) yield return (done, start, null);
            yield return (start, end, token);
            at = done = end;
        }
        if (done < text.Length) yield return (done, text.Length, null);
    }

    private AddedToken? Longest(string text, int start, out int length)
    {
        AddedToken? found = null;
        length = 0;
        var node = root;
        for (var i = start; i < text.Length && node.Next.TryGetValue(text[i], out var next); i++)
        {
            node = next;
            if (node.Token is null) continue;
            (found, length) = (node.Token, i + 1 - start);
        }
        return found;
    }

    private static bool WordBefore(string text, int index) =>
        index > 0 && Rune.DecodeLastFromUtf16(text.AsSpan(0, index), out var rune, out _) == 0 && IsWord(rune);

    private static bool WordAfter(string text, int index) =>
        index < text.Length && Rune.DecodeFromUtf16(text.AsSpan(index), out var rune, out _) == 0 && IsWord(rune);

    // Unicode's \w (UTS 18): Alphabetic, marks, decimal digits, connectors, and the two joiners.
    private static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.LetterNumber => true,       // L*, M*, Nd, Nl come first in the enumeration
        UnicodeCategory.ConnectorPunctuation => true,
        _ => rune.Value is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149)
            or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
    };

    private sealed class Node
    {
        public Dictionary<char, Node> Next { get; } = [];

        public AddedToken? Token { get; set; }
    }
}
