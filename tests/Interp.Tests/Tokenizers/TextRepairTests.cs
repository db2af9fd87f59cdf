using Interp.Tokenizers;

namespace Interp.Tests.Tokenizers;

public class TextRepairTests
{
    // Not a theory: an attribute stores its strings as UTF-8, which has no half pairs.
    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character()
    {
        Assert.Equal("a\uFFFD", TextRepair.WellFormed("a\uD83D"));
        Assert.Equal("\uFFFD\uFFFD", TextRepair.WellFormed("\uDE00\uD83D"));
        Assert.Equal("\uFFFD😀b", TextRepair.WellFormed("\uD83D\uD83D\uDE00b"));
    }

    [Fact]
    public void Well_formed_text_is_returned_as_it_is()
    {
        const string Text = "a😀𝒜b";
        Assert.Same(Text, TextRepair.WellFormed(Text));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_shown_one_by_one() =>
        Assert.Equal(" é<0xE2><0x82>a<0xFF>€",
            TextRepair.Show([0x20, 0xC3, 0xA9, 0xE2, 0x82, 0x61, 0xFF, 0xE2, 0x82, 0xAC]));
}
