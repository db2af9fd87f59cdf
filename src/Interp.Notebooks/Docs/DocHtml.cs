using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Interp.Notebooks.Files;
using Interp.Reports;
using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Docs;

/// <summary>XML documentation as HTML, its references as links.</summary>
/// <param name="symbols">What references name.</param>
/// <param name="problems">Takes references that lead nowhere.</param>
internal sealed partial class DocHtml(ApiSymbols symbols, ICollection<string> problems)
{
    /// <summary>The way from the page that is written to the site's folder.</summary>
    public string Up { get; set; } = "";

    /// <summary>What is documented, as an error names it.</summary>
    public string Where { get; set; } = "";

    /// <summary>The type whose page is written: its members go by their names alone.</summary>
    public INamedTypeSymbol? Inside { get; set; }

    /// <summary>The blocks of an element: paragraphs, code, lists; nothing where there is no element.</summary>
    public string Blocks(XElement? element)
    {
        if (element is null) return "";
        var (html, line) = (new StringBuilder(), new StringBuilder());
        foreach (var node in element.Nodes())
        {
            if (node is XElement { Name.LocalName: "code" or "para" or "list" or "example" } block)
            {
                Close(line, html);
                html.Append(Block(block));
            }
            else
            {
                line.Append(Inline(node));
            }
        }
        Close(line, html);
        return html.ToString();
    }

    /// <summary>An element's text as one line; code and lists in it are left out.</summary>
    public string Line(XElement? element) => element is null ? "" : string.Concat(element.Nodes().Select(Inline)).Trim();

    /// <summary>An element's words, without marks.</summary>
    public string Words(XElement? element) =>
        element is null ? "" : System.Net.WebUtility.HtmlDecode(Tag().Replace(Line(element), ""));

    private static void Close(StringBuilder line, StringBuilder html)
    {
        var text = line.ToString().Trim();
        if (text.Length > 0) html.Append($"<p>{text}</p>\n");
        line.Clear();
    }

    private string Block(XElement block) => block.Name.LocalName switch
    {
        "code" => $"<pre><code>{CSharpHtml.Convert(Outdented(block.Value))}</code></pre>\n",
        "list" => List(block),
        _ => Blocks(block),
    };

    private string List(XElement list)
    {
        var tag = (string?)list.Attribute("type") == "number" ? "ol" : "ul";
        return $"<{tag}>{string.Concat(list.Elements("item").Select(item => $"<li>{Item(item)}</li>"))}</{tag}>\n";
    }

    private string Item(XElement item) => item.Element("description") is { } description
        ? (item.Element("term") is { } term ? $"<b>{Line(term)}</b>: " : "") + Line(description) : Line(item);

    private string Inline(XNode node) => node switch
    {
        XText text => Markup.Escape(Spaces().Replace(text.Value, " ")),
        XElement { Name.LocalName: "see" or "seealso" } see => Reference(see),
        XElement { Name.LocalName: "a" } link => Outside((string?)link.Attribute("href"), Line(link)),
        XElement { Name.LocalName: "paramref" or "typeparamref" } name => Code((string?)name.Attribute("name") ?? ""),
        XElement { Name.LocalName: "c" } code => Code(code.Value),
        XElement { Name.LocalName: "value" } value => $"default: {Code(value.Value)}",
        XElement { Name.LocalName: "code" or "list" } => "",
        XElement { Name.LocalName: "para" } paragraph => " " + Line(paragraph),
        XElement { Name.LocalName: "b" or "i" or "em" or "strong" or "sub" or "sup" } mark =>
            $"<{mark.Name.LocalName}>{Line(mark)}</{mark.Name.LocalName}>",
        XElement other => string.Concat(other.Nodes().Select(Inline)),
        _ => "",
    };

    private string Reference(XElement see)
    {
        if ((string?)see.Attribute("href") is { } outside) return Outside(outside, see.IsEmpty ? Markup.Escape(outside) : Line(see));
        if ((string?)see.Attribute("langword") is { } word) return Code(word);
        return Named((string?)see.Attribute("cref") ?? "", see.Value);
    }

    /// <summary>What a reference names, as code that leads to its page.</summary>
    /// <param name="reference">The reference, such as <c>T:Interp.Models.HookedTransformer</c>.</param>
    /// <param name="text">What to write; empty for its name.</param>
    public string Named(string reference, string text = "")
    {
        var symbol = reference.StartsWith("!:", StringComparison.Ordinal) ? null : symbols.Find(reference);
        var shown = Code(text.Length > 0 ? text : symbol is null ? reference[(reference.IndexOf(':') + 1)..] : NameOf(symbol));
        var address = symbol is null ? null : symbols.Address(symbol);
        if (symbol is null || address is null && symbols.IsOwn(symbol))
            problems.Add($"{Where}: {(symbol is null ? "nothing" : "nothing public")} is named '{reference}', which its documentation refers to");
        return address is null ? shown : $"<a href=\"{Up}{address}\">{shown}</a>";
    }

    /// <summary>The name of a symbol as a sentence says it.</summary>
    private string NameOf(ISymbol symbol)
    {
        if (symbol is INamespaceSymbol) return symbol.ToDisplayString();
        if (symbol is INamedTypeSymbol type) return type.ToDisplayString(TypePage.ShortName);
        var owner = symbol.ContainingType;
        var name = symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } ? owner.Name : symbol is IPropertySymbol { IsIndexer: true } ? "this[…]" : symbol.Name;
        return SymbolEqualityComparer.Default.Equals(owner, Inside) || symbol is IMethodSymbol { MethodKind: MethodKind.Constructor }
            ? name : $"{owner.ToDisplayString(TypePage.ShortName)}.{name}";
    }

    private static string Outside(string? address, string html) =>
        address is not null && (address.StartsWith("https://", StringComparison.Ordinal) || address.StartsWith("http://", StringComparison.Ordinal))
            ? $"<a href=\"{Markup.Escape(address)}\">{html}</a>" : html;

    private static string Code(string text) => $"<code>{Markup.Escape(Spaces().Replace(text, " ").Trim())}</code>";

    private static string Outdented(string code)
    {
        var lines = code.Trim('\n', '\r').Split('\n').Select(line => line.TrimEnd()).ToArray();
        var least = lines.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select(line => line.Length > least ? line[least..] : line.Trim())).Trim('\n');
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
