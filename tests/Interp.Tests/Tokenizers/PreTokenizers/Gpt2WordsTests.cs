using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tests.Tokenizers.PreTokenizers;

public class Gpt2WordsTests
{
    [Theory]
    [InlineData("Hello world", "Hello| world")]
    [InlineData("it's we're they've I'll I'd I'm can't", "it|'s| we|'re| they|'ve| I|'ll| I|'d| I|'m| can|'t")]
    [InlineData("IT'S 'LL", "IT|'|S| '|LL")]                        // capitals are no contractions
    [InlineData(" 's", " '|s")]
    [InlineData("abc123 45", "abc|123| 45")]
    [InlineData("a  b", "a| | b")]
    [InlineData("a   b", "a|  | b")]
    [InlineData("a\n\nb", "a|\n|\n|b")]
    [InlineData("a \n b", "a| \n| b")]
    [InlineData("a  ", "a|  ")]
    [InlineData(" ", " ")]
    [InlineData("x\u00A0\u00A0y", "x|\u00A0|\u00A0|y")]
    [InlineData("a\u0085b", "a|\u0085|b")]                          // NEL is white space
    [InlineData("a\u180Eb", "a|\u180E|b")]                          // the Mongolian separator is not
    [InlineData("a \uFEFFb", "a| \uFEFF|b")]                        // nor is the byte order mark
    [InlineData("\u001Cx", "\u001C|x")]                             // nor U+001C
    [InlineData(" \u001C!", " \u001C!")]
    [InlineData("²³ Ⅷ½", "²³| Ⅷ½")]                                 // every kind of number
    [InlineData("e\u0301x", "e|\u0301|x")]                          // a mark is no letter
    [InlineData("x 𝒜𝒷1 𐎠!", "x| 𝒜𝒷|1| 𐎠|!")]                       // letters beyond U+FFFF
    [InlineData("7𝟙𝟚a", "7𝟙𝟚|a")]                                  // and digits
    [InlineData("hi 👋🏽!", "hi| 👋🏽!")]
    [InlineData("$1.00", "$|1|.|00")]
    public void Text_is_cut_where_GPT_2_cuts_it(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Cut(new Gpt2WordsStep(), text)));

    [Fact]
    public void The_scanner_agrees_with_the_pattern_run_as_a_regular_expression()
    {
        var regex = new RegexStep(Gpt2Words.Pattern, SplitBehavior.Isolated, invert: false);
        var random = new Random(3);
        for (var i = 0; i < 5000; i++)
        {
            var text = FuzzText.Next(random);
            Assert.Equal(Cut(regex, text), Cut(new Gpt2WordsStep(), text));
        }
    }

    internal static List<string> Cut(PreTokenizer step, string text)
    {
        var collected = new Collector();
        step.Split(text, collected);
        return collected.Pieces;
    }

    private sealed class Collector : IPieceSink
    {
        public List<string> Pieces { get; } = [];

        public void Add(ReadOnlySpan<char> piece) => Pieces.Add(piece.ToString());
    }
}
