using Interp.Tokenizers.Normalization;

namespace Interp.Tests.Tokenizers.Normalization;

public class NfcTests
{
    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("A\u030A", "\u00C5")]
    [InlineData("\u212B", "\u00C5")]                                // the ångström sign is not composed back
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323")]
    [InlineData("\u1E69", "\u1E69")]
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("s\u0307\u0323", "\u1E69")]                         // marks are sorted first
    [InlineData("\u0344", "\u0308\u0301")]                          // excluded from composition
    [InlineData("\u0958", "\u0915\u093C")]                          // a script's exclusion
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A7", "\uAC00\u11A7")]                    // not a tail
    [InlineData("a\u0301\u0301", "\u00E1\u0301")]                   // the second is blocked by the first
    [InlineData("a\u05AE\u0300b", "\u00E0\u05AEb")]
    [InlineData("\u0B47\u0B3E", "\u0B4B")]                          // two starters that compose
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\U00011099\U000110BA", "\U0001109A")]
    [InlineData("\u0301a", "\u0301a")]
    public void Text_takes_the_one_composed_spelling(string text, string expected) =>
        Assert.Equal(expected, Nfc.Normalize(text));

    [Fact]
    public void Text_that_is_in_form_already_is_returned_as_it_is()
    {
        const string Text = "naïve 한국어 日本 🇫🇷 \uE000";
        Assert.Same(Text, Nfc.Normalize(Text));
    }

    [Fact]
    public void Normalizing_twice_changes_nothing_more()
    {
        var random = new Random(7);
        for (var i = 0; i < 3000; i++)
        {
            var once = Nfc.Normalize(FuzzText.Next(random));
            Assert.Equal(once, Nfc.Normalize(once));
        }
    }

    [Fact]
    public void A_long_run_of_marks_in_the_wrong_order_takes_no_quadratic_time()
    {
        var marks = "e" + string.Concat(Enumerable.Repeat("\u0301\u0323", 200_000));
        var watch = ThreadClock.StartNew();
        var result = Nfc.Normalize(marks);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
        Assert.StartsWith("\u1EB9\u0323", result, StringComparison.Ordinal);
        Assert.EndsWith("\u0301\u0301", result, StringComparison.Ordinal);
    }
}
