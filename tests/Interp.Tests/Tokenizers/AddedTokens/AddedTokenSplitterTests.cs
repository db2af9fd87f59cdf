using Interp.Tokenizers;
using Interp.Tokenizers.AddedTokens;

namespace Interp.Tests.Tokenizers.AddedTokens;

public class AddedTokenSplitterTests
{
    [Fact]
    public void The_leftmost_and_then_the_longest_token_is_found() =>
        Assert.Equal("x|{<a>b}|<b|{  }|{ }|y",
            Split("x<a>b<b   y", new("<a>", 0), new("<a>b", 1), new("  ", 2), new(" ", 3)));

    [Fact]
    public void A_single_word_needs_a_boundary_on_both_sides()
    {
        var token = new AddedToken("ing", 0, SingleWord: true);
        Assert.Equal("being |{ing}| ing𝒜 éing |{ing}|-_ing", Split("being ing ing𝒜 éing ing-_ing", token));
        Assert.Equal("{ing}", Split("ing", token));
    }

    [Fact]
    public void Left_strip_takes_the_white_space_before_and_right_strip_that_after()
    {
        Assert.Equal("a|{ \n<m>}| b", Split("a \n<m> b", new AddedToken("<m>", 0, LeftStrip: true)));
        Assert.Equal("a |{<m>\u00A0 }|b", Split("a <m>\u00A0 b", new AddedToken("<m>", 0, RightStrip: true)));
        Assert.Equal("{<m>  }|{<m>}", Split("<m>  <m>", new AddedToken("<m>", 0, LeftStrip: true, RightStrip: true)));
    }

    [Fact]
    public void Text_without_tokens_is_one_stretch_and_no_text_is_none()
    {
        Assert.Equal("abc", Split("abc", new AddedToken("x", 0)));
        Assert.Equal("abc", Split("abc"));
        Assert.Equal("", Split("", new AddedToken("x", 0)));
    }

    private static string Split(string text, params AddedToken[] tokens)
    {
        var splitter = new AddedTokenSplitter(tokens.Select(token => (token.Content, token)));
        return string.Join('|', splitter.Split(text)
            .Select(part => part.Token is null ? text[part.Start..part.End] : "{" + text[part.Start..part.End] + "}"));
    }
}
