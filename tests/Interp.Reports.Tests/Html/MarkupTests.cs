using System.Xml.Linq;

namespace Interp.Reports.Tests.Html;

public class MarkupTests
{
    [Fact]
    public void Text_and_attributes_are_escaped_and_read_back_the_same()
    {
        const string Hostile = "</a><img src=x onerror=\"alert('1')\">&amp;";
        var markup = new MarkupWriter().Element("a", Hostile, ("title", Hostile), ("left-out", null)).ToString();
        var element = XElement.Parse(markup);
        Assert.Equal(Hostile, element.Value);
        Assert.Equal(Hostile, element.Attribute("title")!.Value);
        Assert.Null(element.Attribute("left-out"));
        Assert.Empty(element.Elements());
    }

    [Fact]
    public void What_markup_may_not_hold_becomes_the_replacement_character() =>
        Assert.Equal("a\ufffd\ufffd\ufffd\ufffd b\n", Markup.Escape("a\0\u001b\uffff\ud800 b\n"));

    [Fact]
    public void An_element_left_open_is_an_error() =>
        Assert.Contains("'p'",
            Assert.Throws<InvalidOperationException>(() => new MarkupWriter().Open("p").ToString()).Message);
}
