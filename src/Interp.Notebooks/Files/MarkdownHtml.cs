using Markdig;
using Markdig.Renderers;

namespace Interp.Notebooks.Files;

/// <summary>
/// Markdown to HTML: CommonMark, GitHub's tables and bare addresses, by the library Markdig. Texts may come from
/// strangers, so HTML in them is escaped, except for tags that only arrange text, such as <c>details</c>, and addresses
/// that could run a script lead nowhere. C# in blocks of code is coloured.
/// </summary>
public static class MarkdownHtml
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().Build();

    /// <summary>The HTML of a text.</summary>
    public static string Convert(string markdown) => Convert(markdown, new MarkdownOptions());

    /// <summary>The HTML of a text inside a page that knows where links lead.</summary>
    /// <param name="markdown">The text.</param>
    /// <param name="options">What the page says about addresses and headings.</param>
    public static string Convert(string markdown, MarkdownOptions options)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        ArgumentNullException.ThrowIfNull(options);
        using var writer = new StringWriter { NewLine = "\n" };
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        MarkdownRenderers.Replace(renderer, options);
        renderer.Render(Markdown.Parse(markdown.ReplaceLineEndings("\n"), Pipeline));
        return writer.ToString();
    }
}
