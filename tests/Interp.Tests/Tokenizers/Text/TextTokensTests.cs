using Interp.Tests.Tokenizers.Pipeline;
using Interp.Tokenizers;
using Interp.Tokenizers.Text;

namespace Interp.Tests.Tokenizers.Text;

public sealed class TextTokensTests
{
    private const long Bos = 263;

    // Merges: he, ll, hell, hello, " hello", aa, aaaa; byte tokens for the rest; 263 is <|endoftext|>, BOS and EOS.
    private static readonly TextTokens Text = new(TinyTokenizerJson.Load(TinyTokenizerJson.Build()));

    [Fact]
    public void What_stands_before_a_text_is_asked_for_each_time()
    {
        Assert.Equal([260, ' ', 'x'], Text.ToTokens(" hello x", prependBos: false));
        Assert.Equal([Bos, 260, ' ', 'x'], Text.ToTokens(" hello x", prependBos: true));
        Assert.Equal(["<|endoftext|>", " hello", " ", "x"], Text.ToStringTokens(" hello x", prependBos: true));
        Assert.Equal("<|endoftext|> hello", Text.ToText([Bos, 260]));
        Assert.Equal([7, 8, 'x'], new TextTokens(Text.Tokenizer, before: [7, 8]).ToTokens("x", prependBos: true));
        var bert = new TextTokens(TinyPipelineJson.Load(TinyPipelineJson.WordPiece()));
        Assert.Equal([1L], bert.Before);
        Assert.Equal((true, false), (bert.Default.Prepends, Text.Default.Prepends));
        Assert.Equal(new BosDefault(true, "the caller said what stands before texts"), new TextTokens(Text.Tokenizer, before: [7]).Default);
    }

    [Fact]
    public void A_BOS_that_is_missing_or_would_stand_twice_is_an_error()
    {
        var twice = Assert.Throws<TokenizerException>(() => Text.ToTokens("<|endoftext|>x", prependBos: true));
        Assert.Contains("begins with '<|endoftext|>'", twice.Message, StringComparison.Ordinal);
        Assert.Equal([Bos, 'x'], Text.ToTokens("<|endoftext|>x", prependBos: false));
        var none = new TextTokens(TinyPipelineJson.Load(TinyPipelineJson.Unigram()));
        Assert.Contains("name no BOS token", Assert.Throws<TokenizerException>(
            () => none.ToTokens("a", prependBos: true)).Message, StringComparison.Ordinal);
        Assert.Contains("id 5000", Assert.Throws<TokenizerException>(() => new TextTokens(Text.Tokenizer, [5000])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_token_is_one_or_an_error_that_shows_what_it_is()
    {
        Assert.Equal(260, Text.ToSingleToken(" hello"));
        Assert.Equal("single token: ' hell' is 2 tokens (' ', 'hell'); expected one; 'hell' is one token", Error(" hell"));
        Assert.Equal("single token: 'hex' is 2 tokens ('he', 'x'); expected one", Error("hex"));
        Assert.Equal("single token: '' is 0 tokens (); expected one", Error(""));

        static string Error(string text) =>
            Assert.Throws<TokenizerException>(() => Text.ToSingleToken(text)).Message;
    }

    [Fact]
    public void Tokens_know_their_position_and_their_part_of_the_text()
    {
        Assert.Equal(
            [new(0, Bos, "<|endoftext|>", 0, 0), new(1, 'x', "x", 0, 1), new(2, 260, " hello", 1, 7),
             new(3, 0xC3, "<0xC3>", 7, 8), new(4, 0xA9, "<0xA9>", 7, 8)],
            Text.Locate("x helloé", prependBos: true));
        Assert.Equal(0, Text.Locate("x", prependBos: false)[0].Position);
    }

    [Fact]
    public void Positions_count_what_stands_before_and_choose_first_or_last()
    {
        const string text = "aa hello x hello";
        Assert.Equal((1, 4), (Text.Position(" hello", text, prependBos: false),
            Text.Position(" hello", text, prependBos: false, Occurrence.Last)));
        Assert.Equal(2, Text.Position(" hello", text, prependBos: true));
        Assert.Contains("is not among the 5 tokens", Assert.Throws<TokenizerException>(
            () => Text.Position("he", text, prependBos: false)).Message, StringComparison.Ordinal);
        Assert.Equal((2, 4), Text.Positions("llo x", text, prependBos: true));
        Assert.Equal((5, 5), Text.Positions("llo", text, prependBos: true, Occurrence.Last));
        foreach (var part in new[] { "", "Hello" })
            Assert.Contains("is not in the text", Assert.Throws<TokenizerException>(
                () => Text.Positions(part, text, prependBos: true)).Message, StringComparison.Ordinal);
        var bert = new TextTokens(TinyPipelineJson.Load(TinyPipelineJson.WordPiece()));
        Assert.Equal((2, 2), bert.Positions("HELLO", "a HELLO", prependBos: true));
        Assert.Contains("no token covers", Assert.Throws<TokenizerException>(
            () => bert.Positions("\u0001", "a\u0001", prependBos: true)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PaddingSide.Left, "9,9,97|98,99,100", 2)]
    [InlineData(PaddingSide.Right, "97,9,9|98,99,100", 0)]
    public void A_batch_is_filled_up_on_the_side_asked_for(PaddingSide side, string expected, int last)
    {
        var batch = Text.ToBatch(["a", "bcd"], prependBos: false, side, padId: 9);
        var rows = Enumerable.Range(0, 2).Select(row => string.Join(',', Enumerable.Range(0, 3).Select(at => batch.Ids[row, at])));
        Assert.Equal(expected, string.Join('|', rows));
        Assert.Equal((last, 2), (batch.Last(0), batch.Last(1)));
        Assert.Equal((last, last), (batch.Start(0), batch.Last(0)));
        for (var at = 0; at < 3; at++) Assert.Equal((at == last, true), (batch.Mask[0, at], batch.Mask[1, at]));
    }

    [Fact]
    public void Padding_without_a_token_for_it_is_an_error_unless_none_is_needed()
    {
        Assert.Contains("pass padId", Assert.Throws<TokenizerException>(
            () => Text.ToBatch(["a", "bcd"], prependBos: true, PaddingSide.Left)).Message, StringComparison.Ordinal);
        Assert.Equal([2, 2], Text.ToBatch(["a", "b"], prependBos: true, PaddingSide.Left).Lengths);
        Assert.Throws<ArgumentException>(() => Text.ToBatch([], prependBos: true, PaddingSide.Left));
    }

    [SharedFact("tokenizers/pythia", "tokenizers/gpt2")]
    public void Offsets_of_every_kind_cover_the_text_in_order()
    {
        var random = new Random(51);
        var tokenizers = new[] { "gpt2", "pythia" }.Select(name => TokenizerLoader.Load(SharedData.Path("tokenizers/" + name)));
        foreach (var tokenizer in tokenizers)
        {
            for (var i = 0; i < 500; i++)
            {
                var text = FuzzText.Next(random);
                var spans = tokenizer.EncodeWithOffsets(text);
                Assert.Equal(tokenizer.Encode(text), spans.Select(span => span.Id));
                var end = 0;
                foreach (var span in spans)
                {
                    Assert.True(span.Start <= end && span.End >= end, $"a gap before {span.Start} in a text of {text.Length}");
                    end = span.End;
                }
                Assert.Equal(text.Length, end);
            }
        }
    }
}
