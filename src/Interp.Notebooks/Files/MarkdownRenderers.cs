using System.Text.RegularExpressions;
using Interp.Reports;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Interp.Notebooks.Files;

/// <summary>How the constructs are written that differ from Markdig's own way: HTML, code, links and headings.</summary>
internal static partial class MarkdownRenderers
{
    /// <summary>Puts them in the place of Markdig's.</summary>
    public static void Replace(HtmlRenderer renderer, MarkdownOptions options)
    {
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlBlockRenderer>(new EscapedBlock());
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlInlineRenderer>(new EscapedInline());
        renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new Code());
        renderer.ObjectRenderers.ReplaceOrAdd<CodeInlineRenderer>(new CodeSpan(options));
        renderer.ObjectRenderers.ReplaceOrAdd<LinkInlineRenderer>(new Link(options));
        renderer.ObjectRenderers.ReplaceOrAdd<AutolinkInlineRenderer>(new Autolink());
        renderer.ObjectRenderers.ReplaceOrAdd<HeadingRenderer>(new Heading(options));
    }

    /// <summary>An address that only leads somewhere: no script; pictures may also be inside the page.</summary>
    private static string? Safe(string address, bool picture) =>
        !address.Contains(':') || address.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || (picture ? address.StartsWith("data:image/", StringComparison.Ordinal) : address.StartsWith("mailto:", StringComparison.Ordinal))
            ? address : null;

    private static string WithAllowedTags(string html) =>
        AllowedTag().Replace(Markup.Escape(html), match => $"<{match.Groups[1].Value}>");

    /// <summary>The words of inlines, without marks.</summary>
    private static string Words(ContainerInline? inlines) => inlines is null ? "" : string.Concat(inlines.Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        LineBreakInline => " ",
        ContainerInline inner => Words(inner),
        _ => "",
    }));

    private sealed class EscapedBlock : HtmlObjectRenderer<HtmlBlock>
    {
        protected override void Write(HtmlRenderer renderer, HtmlBlock block)
        {
            if (block.Type == HtmlBlockType.Comment) return;
            var html = WithAllowedTags(block.Lines.ToString());
            var arranges = BlockTag().IsMatch(html);
            renderer.WriteLine(arranges ? html : $"<p>{html}</p>");
        }
    }

    private sealed class EscapedInline : HtmlObjectRenderer<HtmlInline>
    {
        protected override void Write(HtmlRenderer renderer, HtmlInline inline)
        {
            if (!inline.Tag.StartsWith("<!--", StringComparison.Ordinal)) renderer.Write(WithAllowedTags(inline.Tag));
        }
    }

    private sealed class Code : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock block)
        {
            var code = block.Lines.ToString();
            var html = block is FencedCodeBlock { Info: "csharp" or "cs" or "c#" } ? CSharpHtml.Convert(code) : Markup.Escape(code);
            renderer.EnsureLine();
            renderer.Write("<pre><code>").Write(html).WriteLine("</code></pre>");
        }
    }

    private sealed class CodeSpan(MarkdownOptions options) : HtmlObjectRenderer<CodeInline>
    {
        protected override void Write(HtmlRenderer renderer, CodeInline code)
        {
            // A pipe in code inside a table may be written with a backslash, as GitHub wants it.
            var text = code.Content.Replace("\\|", "|", StringComparison.Ordinal);
            if (!renderer.EnableHtmlForInline)
            {
                renderer.WriteEscape(text);
                return;
            }
            var address = Ancestors(code).Any(inline => inline is LinkInline) ? null : options.CodeAddress?.Invoke(text);
            var html = $"<code>{Markup.Escape(text)}</code>";
            renderer.Write(address is null ? html : $"<a href=\"{Markup.Escape(address)}\">{html}</a>");
        }

        private static IEnumerable<ContainerInline> Ancestors(Inline inline)
        {
            for (var parent = inline.Parent; parent is not null; parent = parent.Parent) yield return parent;
        }
    }

    private sealed class Link(MarkdownOptions options) : HtmlObjectRenderer<LinkInline>
    {
        protected override void Write(HtmlRenderer renderer, LinkInline link)
        {
            var address = Safe(link.GetDynamicUrl?.Invoke() ?? link.Url ?? "", link.IsImage);
            if (address is null) renderer.WriteChildren(link);
            else if (link.IsImage) Picture(renderer, link, Resolved(address));
            else
            {
                renderer.Write($"<a href=\"{Markup.Escape(Resolved(address))}\">");
                renderer.WriteChildren(link);
                renderer.Write("</a>");
            }
        }

        private string Resolved(string address) => options.Address?.Invoke(address) ?? address;

        private static void Picture(HtmlRenderer renderer, LinkInline link, string address) =>
            renderer.Write($"<img alt=\"{Markup.Escape(Words(link))}\" src=\"{Markup.Escape(address)}\">");
    }

    private sealed class Autolink : HtmlObjectRenderer<AutolinkInline>
    {
        protected override void Write(HtmlRenderer renderer, AutolinkInline link)
        {
            var text = Markup.Escape(link.Url);
            if (Safe(link.IsEmail ? "mailto:" + link.Url : link.Url, picture: false) is { } address)
                renderer.Write($"<a href=\"{Markup.Escape(address)}\">{text}</a>");
            else renderer.Write(text);
        }
    }

    private sealed class Heading(MarkdownOptions options) : HtmlObjectRenderer<HeadingBlock>
    {
        protected override void Write(HtmlRenderer renderer, HeadingBlock heading)
        {
            var id = options.HeadingId?.Invoke(new MarkdownHeading(heading.Level, Words(heading.Inline)));
            var tag = $"h{heading.Level}";
            renderer.EnsureLine();
            renderer.Write(id is null ? $"<{tag}>" : $"<{tag} id=\"{Markup.Escape(id)}\">");
            renderer.WriteLeafInline(heading);
            if (id is not null) renderer.Write($"<a class=\"anchor\" href=\"#{Markup.Escape(id)}\" aria-label=\"Link to this section\">#</a>");
            renderer.WriteLine($"</{tag}>");
        }
    }

    [GeneratedRegex(@"&lt;(/?(?:details|summary|br|sub|sup|kbd))(?:\s+style=&quot;[^&]*&quot;)?\s*/?&gt;")]
    private static partial Regex AllowedTag();

    [GeneratedRegex("</?(?:details|summary)>")]
    private static partial Regex BlockTag();
}
