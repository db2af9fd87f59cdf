namespace Interp.Reports.Tests.Data;

public class TokenTextTests
{
    [Theory]
    [InlineData(" the", "·the")]
    [InlineData("\n\n", "⏎⏎")]
    [InlineData("a\tb", "a⇥b")]
    [InlineData("", "∅")]
    [InlineData("\0\u001b\u007f", "␀␛␡")]
    [InlineData("\u202Eabc\u200B", "‹U+202E›abc‹U+200B›")]
    [InlineData("\u00a0", "‹U+00A0›")]
    [InlineData("日本 é", "日本·é")]
    [InlineData("😀", "😀")]
    public void Everything_without_a_shape_gets_a_sign(string token, string visible) =>
        Assert.Equal(visible, TokenText.Visible(token));

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() =>
        Assert.Equal("\ufffd", TokenText.Visible("😀"[..1]));

    [Theory]
    [InlineData("L0 attn", "L0 attn")]
    [InlineData(" and", "·and")]
    [InlineData("of ", "of·")]
    [InlineData("   ", "···")]
    [InlineData("a b\n", "a b⏎")]
    public void A_label_keeps_the_spaces_between_words(string name, string label) =>
        Assert.Equal(label, TokenText.Label(name, 24));

    [Fact]
    public void A_long_label_is_cut_with_an_ellipsis_and_never_inside_a_character()
    {
        Assert.Equal("abc…", TokenText.Short("abcdef", 4));
        Assert.Equal("ab…", TokenText.Short("ab😀def", 4));
        Assert.Equal("abcd", TokenText.Short("abcd", 4));
    }
}
