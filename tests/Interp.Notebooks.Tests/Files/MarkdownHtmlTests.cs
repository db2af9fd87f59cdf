using Interp.Notebooks.Files;

namespace Interp.Notebooks.Tests.Files;

public sealed class MarkdownHtmlTests
{
    [Theory]
    [InlineData("# A `b`", "<h1>A <code>b</code></h1>\n")]
    [InlineData("one\ntwo\n\nthree", "<p>one\ntwo</p>\n<p>three</p>\n")]
    [InlineData("**a** and *b* but 2 * 3 * 4 and snake_case_name", "<p><strong>a</strong> and <em>b</em> but 2 * 3 * 4 and snake_case_name</p>\n")]
    [InlineData("`**a** <b>`", "<p><code>**a** &lt;b&gt;</code></p>\n")]
    [InlineData("- a\n- b\n  - c", "<ul><li>a</li><li>b\n<ul><li>c</li></ul>\n</li></ul>\n")]
    [InlineData("1. a\n   b\n2. c", "<ol><li>a\nb\n</li><li>c\n</li></ol>\n")]
    [InlineData("[t](https://x.org/a_b)", "<p><a href=\"https://x.org/a_b\">t</a></p>\n")]
    [InlineData("[t](javascript:alert(1))", "<p>t</p>\n")]
    [InlineData("> q", "<blockquote>\n<p>q</p>\n</blockquote>\n")]
    [InlineData("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n")]
    [InlineData("| a | b |\n|---|---|\n| `x|y` | 2 |", "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td><code>x|y</code></td><td>2</td></tr></tbody></table>\n")]
    public void Each_construct_becomes_its_html(string markdown, string html) =>
        Assert.Equal(html.Replace("\n", ""), MarkdownHtml.Convert(markdown).Replace("\n", "").Replace("\n", ""), ignoreWhiteSpaceDifferences: true);

    [Theory]
    [InlineData("<img src=x onerror=alert(1)>", "<img")]
    [InlineData("text <b onclick=alert(1)>x</b>", "<b")]
    [InlineData("<javascript:alert(1)>", "href")]
    [InlineData("![x](javascript:alert(1))", "src")]
    [InlineData("[x](vbscript:run)", "href")]
    [InlineData("[x](data:text/html;base64,AAAA)", "href")]
    [InlineData("[a]\n\n[a]: javascript:alert(1)", "href")]
    [InlineData("<!-- note -->", "note")]
    public void What_could_run_or_fetch_by_itself_is_left_out(string markdown, string forbidden) =>
        Assert.DoesNotContain(forbidden, MarkdownHtml.Convert(markdown));

    [Fact]
    public void A_page_decides_about_addresses_ids_and_names()
    {
        var options = new MarkdownOptions
        {
            Address = link => link.Replace(".md", ".html"),
            HeadingId = heading => $"h{heading.Level}-{heading.Text}",
            CodeAddress = code => code == "Type" ? "type.html" : null,
        };
        Assert.Equal("<h2 id=\"h2-The Type\">The <a href=\"type.html\"><code>Type</code></a><a class=\"anchor\" href=\"#h2-The Type\" "
            + "aria-label=\"Link to this section\">#</a></h2>\n<p><a href=\"a.html\"><code>Type</code></a> <code>other</code></p>\n",
            MarkdownHtml.Convert("## The `Type`\n\n[`Type`](a.md) `other`", options));
    }

    [Fact]
    public void A_hint_unfolds()
    {
        var html = MarkdownHtml.Convert("<details><summary>Hint</summary>\n\nUse **softmax**.\n\n</details>");
        Assert.Contains("<details><summary>Hint</summary>", html);
        Assert.Contains("<strong>softmax</strong>", html);
        Assert.EndsWith("</details>\n", html);
        // The front end that hides the triangle is told to show it; the page here needs no style.
        Assert.Contains("<details><summary>Hint</summary>", MarkdownHtml.Convert(
            "<details><summary style=\"display:list-item;cursor:pointer\">Hint</summary>\n\nx\n\n</details>"));
        Assert.DoesNotContain("<summary", MarkdownHtml.Convert("<summary onclick=\"x()\">Hint</summary>"));
    }

    [Fact]
    public void Code_is_marked_as_code()
    {
        var html = MarkdownHtml.Convert("```csharp\nvar x = \"<\"; // why\n```");
        Assert.Equal("<pre><code><span class=\"k\">var</span> x = <span class=\"s\">&quot;&lt;&quot;</span>; <span class=\"c\">// why</span></code></pre>\n", html);
    }
}
