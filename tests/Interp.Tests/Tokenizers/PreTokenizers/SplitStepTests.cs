using Interp.Tokenizers.PreTokenizers;
using static Interp.Tests.Tokenizers.PreTokenizers.Gpt2WordsTests;

namespace Interp.Tests.Tokenizers.PreTokenizers;

public class SplitStepTests
{
    [Theory]
    [InlineData(SplitBehavior.Removed, "the|final|countdown")]
    [InlineData(SplitBehavior.Isolated, "the|-|final|-|-|countdown")]
    [InlineData(SplitBehavior.MergedWithPrevious, "the-|final-|-|countdown")]
    [InlineData(SplitBehavior.MergedWithNext, "the|-final|-|-countdown")]
    [InlineData(SplitBehavior.Contiguous, "the|-|final|--|countdown")]
    internal void Each_behavior_does_with_matches_what_its_name_says(SplitBehavior behavior, string expected) =>
        Assert.Equal(expected,
            string.Join('|', Cut(new RegexStep("-", behavior, invert: false), "the-final--countdown")));

    [Fact]
    public void Inverted_the_matches_are_the_pieces() =>
        Assert.Equal(["the", "final"],
            Cut(new RegexStep("[a-z]+", SplitBehavior.Removed, invert: true), "the-final--"));

    [Fact]
    public void A_match_at_the_start_has_no_piece_to_join() =>
        Assert.Equal(["-", "a"], Cut(new RegexStep("-", SplitBehavior.MergedWithPrevious, invert: false), "-a"));

    [Theory]
    [InlineData(true, "a|1|2| |¾|b|𝟙")]
    [InlineData(false, "a|12| |¾|b|𝟙")]
    public void Digits_stand_alone_or_in_runs(bool individual, string expected) =>
        Assert.Equal(expected, string.Join('|', Cut(CharacterStep.Digits(individual), "a12 ¾b𝟙")));

    [Fact]
    public void Punctuation_is_ASCII_symbols_and_Unicode_P() =>
        Assert.Equal(["a", "$+,", "€b", "。"], Cut(CharacterStep.Punctuation(SplitBehavior.Contiguous), "a$+,€b。"));

    [Theory]
    [InlineData(@"\p{L}+", "𝒜b 𐎠", "𝒜b| |𐎠")]
    [InlineData(@"\p{N}{1,3}", "12𝟙𝟚𝟛", "12𝟙|𝟚𝟛")]
    [InlineData(@"[^\s\p{L}]", "a😀b", "a|😀|b")]
    [InlineData(@"(?=b)", "abab", "a|ba|b")]
    public void Patterns_see_code_points(string pattern, string text, string expected)
    {
        var step = new RegexStep(RegexPattern.ToDotNet(pattern), SplitBehavior.Isolated, invert: false);
        Assert.Equal(expected, string.Join('|', Cut(step, text)));
    }

    [Fact]
    public void The_pattern_of_Llama_3_cuts_as_its_authors_say()
    {
        const string Llama3 =
            @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
            + @"|\s*[\r\n]+|\s+(?!\S)|\s+";
        var step = new RegexStep(RegexPattern.ToDotNet(Llama3), SplitBehavior.Isolated, invert: false);
        Assert.Equal(["I", "'LL", " pay", " ", "123", "45", "€!\n\n", " ", " now", "  "],
            Cut(step, "I'LL pay 12345€!\n\n  now  "));
    }
}
