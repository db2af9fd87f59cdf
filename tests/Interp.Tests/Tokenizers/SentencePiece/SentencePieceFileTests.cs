using Interp.Tokenizers;
using Interp.Tokenizers.SentencePiece;
using static Interp.Tests.Tokenizers.SentencePiece.TinyModel;

namespace Interp.Tests.Tokenizers.SentencePiece;

public sealed class SentencePieceFileTests
{
    private static readonly (string, float, PieceKind)[] Letters = Pieces(
        ("▁", -2, PieceKind.Normal), ("a", -3, PieceKind.Normal), ("b", -3.5f, PieceKind.Normal),
        ("ab", -4, PieceKind.Normal), ("▁ab", -5, PieceKind.Normal), ("f", -4, PieceKind.Normal), ("i", -4, PieceKind.Normal));

    [Theory]
    [InlineData("ab", "▁ab")]
    [InlineData("  ab   ab ", "▁ab ▁ab")]
    [InlineData("ab\u00A0ﬁ", "▁ab ▁ f i")]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("zz", "▁ <unk>")]
    public void Unigram_text_is_normalized_by_the_rules_and_squeezed(string text, string expected)
    {
        var tokenizer = Load(Build(TinyModel.Unigram, Letters, CharsMap(("\u00A0", " "), ("ﬁ", "fi"))));
        Assert.Equal("Unigram", tokenizer.Kind);
        Assert.Equal(expected, Spelled(tokenizer, text));
        Assert.Equal([2L], tokenizer.SuffixIds);
        Assert.Empty(tokenizer.PrefixIds);
    }

    [Theory]
    [InlineData(true, false, "  ab ", "▁ ▁ ▁ab ▁")]
    [InlineData(false, false, " ab", "▁ab")]
    [InlineData(false, true, " ab ab", "ab ▁ab")]
    public void The_settings_for_spaces_are_honoured(bool addsSpace, bool squeezes, string text, string expected) =>
        Assert.Equal(expected, Spelled(Load(Build(TinyModel.Bpe, Letters, addsSpace: addsSpace, squeezes: squeezes)), text));

    [Fact]
    public void A_space_may_stand_behind_words_instead_of_before() =>
        Assert.Equal("ab ▁", Spelled(Load(Build(TinyModel.Unigram, Letters, spaceGoesLast: true)), "ab"));

    [Fact]
    public void The_longest_rule_counts_and_offsets_point_at_the_original()
    {
        var tokenizer = Load(Build(TinyModel.Unigram, Letters, CharsMap(("x", "a"), ("xy", "b"), ("…", "ab"))));
        Assert.Equal("▁ b a", Spelled(tokenizer, "xyx"));
        var text = "  xy…";
        Assert.Equal(["", "xy", "…"], tokenizer.EncodeWithOffsets(text).Select(span => text[span.Start..span.End]));
        Assert.Equal(" bab", tokenizer.TokenText(tokenizer.TokenToId("▁")!.Value) + tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void A_piece_that_the_user_defined_is_one_token_everywhere_and_passes_the_rules()
    {
        var tokenizer = Load(Build(TinyModel.Bpe, [.. Letters, ("b▁a", 0, PieceKind.UserDefined), ("\n", 0, PieceKind.UserDefined)],
            CharsMap(("\n", " ")), squeezes: false));
        Assert.Equal("▁ a b▁a b \n ab", Spelled(tokenizer, "ab ab\nab"));
        Assert.Equal([new(tokenizer.TokenToId("b▁a")!.Value, 1, 4), new(5, 4, 5)], tokenizer.EncodeWithOffsets("ab ab")[2..]);
        var unigram = Load(Build(TinyModel.Unigram, [.. Letters, ("z▁z", 0, PieceKind.UserDefined)]));
        Assert.Equal("▁ a z▁z b", Spelled(unigram, "az zb"));
    }

    [Fact]
    public void Merging_takes_the_highest_score_and_of_equal_ones_the_leftmost()
    {
        var tokenizer = Load(Build(TinyModel.Bpe, Pieces(("a", -9, PieceKind.Normal), ("aa", -1, PieceKind.Normal),
            ("aaa", -1, PieceKind.Normal), ("▁", -9, PieceKind.Normal)), addsSpace: false));
        Assert.Equal("aaa a", Spelled(tokenizer, "aaaa"));
        Assert.Equal("aaa aaa a", Spelled(tokenizer, "aaaaaaa"));
    }

    [Fact]
    public void Decoding_drops_marks_and_the_space_in_front()
    {
        var tokenizer = Load(Build(TinyModel.Bpe, Letters));
        Assert.Equal("ab ab", tokenizer.Decode([1, .. tokenizer.Encode("ab ab"), 2]));
        Assert.Equal(" ⁇ ab", tokenizer.Decode([0, tokenizer.TokenToId("ab")!.Value]));
        Assert.Equal("ab", tokenizer.Decode([0, tokenizer.TokenToId("ab")!.Value], skipSpecialTokens: true));
    }

    [Fact]
    public void What_is_not_supported_or_missing_is_an_error_that_names_it()
    {
        Fails("model_type is 3", Build(3, Letters));
        Fails("has no piece for unknown text", Build(TinyModel.Bpe, [("a", 0, PieceKind.Normal)]));
        Fails("is marked unused", Build(TinyModel.Bpe, [.. Letters, ("q", 0, PieceKind.Unused)]));
        Fails("no byte piece \"<0x00>\"", Build(TinyModel.Bpe, Letters, byteFallback: true));
        Fails("has no pieces", []);
        Fails("whose score is not a number", Build(TinyModel.Bpe, Pieces(("a", float.NaN, PieceKind.Normal))));
        Fails("of kind 9", Build(TinyModel.Bpe, Pieces(("a", 0, (PieceKind)9))));
        Fails("has two ids", Build(TinyModel.Bpe, [.. Letters, ("a", 0, PieceKind.Normal)]));
        Fails("the trie is said to have", Build(TinyModel.Unigram, Letters, [255, 255, 255, 255, 0]));
        Fails("with 2 left", [0x0A, 0x7F, 0x0A, 0x00]);
        Fails("ends in the middle of a number", [0x0A, 0xFF]);
        Fails("unknown wire type 7", [0x0A, 0x01, 0x7F]);
        Fails("513 characters", Build(TinyModel.Bpe, Pieces((new string('a', 513), 0, PieceKind.Normal))));

        static void Fails(string expected, byte[] model) => Assert.Contains(expected,
            Assert.Throws<TokenizerFormatException>(() => Load(model)).Message, StringComparison.Ordinal);
    }

    private static string Spelled(Tokenizer tokenizer, string text) =>
        string.Join(' ', tokenizer.Encode(text).Select(tokenizer.IdToToken));
}
