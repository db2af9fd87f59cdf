using System.Text;
using System.Xml.Linq;
using Interp.Reports;
using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Docs;

/// <summary>The page of a type: what it is, its declaration, and each member with what is written of it.</summary>
internal sealed class TypePage
{
    private const int ShortPage = 8;

    /// <summary>A type's name as its page's title says it.</summary>
    internal static readonly SymbolDisplayFormat ShortName = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters);

    private readonly ApiSymbols _symbols;
    private readonly ApiDocs _docs;
    private readonly DocHtml _html;
    private readonly CSharpSignature _signature;
    private readonly MemberDocs _memberDocs;
    private readonly ILookup<ISymbol?, INamedTypeSymbol> _derived;

    /// <param name="symbols">The types.</param>
    /// <param name="docs">What is written of them.</param>
    /// <param name="html">Writes it.</param>
    public TypePage(ApiSymbols symbols, ApiDocs docs, DocHtml html)
    {
        (_symbols, _docs, _html) = (symbols, docs, html);
        _signature = new CSharpSignature(symbols);
        _memberDocs = new MemberDocs(docs, html, _signature);
        _derived = symbols.Types.SelectMany(type => type.Interfaces.Concat(type.BaseType is { } parent ? [parent] : [])
            .Select(parent => (parent, type))).ToLookup(pair => (ISymbol?)pair.parent.OriginalDefinition, pair => pair.type, SymbolEqualityComparer.Default);
    }

    /// <summary>The page.</summary>
    public DocPage Write(INamedTypeSymbol type)
    {
        var full = Name(type);
        _html.Up = _signature.Up = "../../";
        (_html.Where, _html.Inside, _signature.Inside) = (full, type, type);
        var docs = _docs.Of(type);
        var summary = _html.Words(docs?.Element("summary"));
        var groups = MemberGroup.Of(_symbols.Members(type)).ToArray();
        var sections = new List<DocSection>();
        var body = new StringBuilder(Head(type, docs));
        if (type.TypeKind == TypeKind.Enum) body.Append(Values(groups, sections));
        else body.Append(Index(groups)).Append(Members(groups, sections));
        body.Append(Extensions(type, sections)).Append(Inherited(type, sections));
        return new DocPage(ApiSymbols.PageOf(type), type.ToDisplayString(ShortName), DocPart.Reference, full, body.ToString())
        {
            Summary = summary,
            Kind = CSharpSignature.Kind(type),
            Sections = sections,
            Above = ApiPages.Above(type.ContainingNamespace),
        };
    }

    private string Head(INamedTypeSymbol type, XElement? docs)
    {
        var html = new StringBuilder($"<h1><code>{ApiPages.Name(type)}</code> <span class=\"kind\">{CSharpSignature.Kind(type)}</span></h1>\n");
        html.Append("<div class=\"lead\">").Append(_html.Blocks(docs?.Element("summary"))).Append("</div>\n");
        html.Append($"<pre class=\"signature\"><code>{_signature.OfType(type)}</code></pre>\n<dl class=\"facts\">");
        Fact(html, "Namespace", $"<a href=\"index.html\"><code>{type.ContainingNamespace.ToDisplayString()}</code></a> in <code>{type.ContainingAssembly.Name}.dll</code>");
        if (type.ContainingType is { } outer) Fact(html, "Inside", Linked([outer]));
        var bases = Bases(type).ToArray();
        if (bases.Length > 1) Fact(html, "Derives from", string.Join(" → ", bases.Select(parent => $"<code>{_signature.NameOf(parent)}</code>")));
        Fact(html, type.TypeKind == TypeKind.Interface ? "Implemented by" : "Derived", Linked(_derived[type]));
        Fact(html, "Types inside", Linked(type.GetTypeMembers().Where(ApiSymbols.IsPublic)));
        html.Append("</dl>\n").Append(_memberDocs.Parameters(docs, type.TypeKind == TypeKind.Delegate || type.IsRecord));
        if (docs?.Element("remarks") is { } remarks) html.Append(_html.Blocks(remarks));
        foreach (var example in docs?.Elements("example") ?? []) html.Append("<p class=\"label\">Example</p>\n").Append(_html.Blocks(example));
        return html.ToString();
    }

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var parent = type.BaseType; parent is { SpecialType: SpecialType.None } && type.TypeKind == TypeKind.Class; parent = parent.BaseType)
            yield return parent;
    }

    private static void Fact(StringBuilder html, string name, string value)
    {
        if (value.Length > 0) html.Append($"<div><dt>{name}</dt><dd>{value}</dd></div>");
    }

    private string Linked(IEnumerable<INamedTypeSymbol> types) => string.Join(", ", types.Select(type => $"<code>{_signature.NameOf(type)}</code>"));

    /// <summary>The values of an enum as a list.</summary>
    private string Values(MemberGroup[] groups, List<DocSection> sections)
    {
        var html = new StringBuilder("<h2 id=\"values\">Values" + Headings.Anchor("values") + "</h2>\n<dl class=\"index\">\n");
        sections.Add(new DocSection("values", "Values", ""));
        foreach (var value in groups.SelectMany(group => group.Members).OfType<IFieldSymbol>())
        {
            _html.Where = Name(value);
            var summary = _docs.Of(value)?.Element("summary");
            sections.Add(new DocSection(_symbols.Anchor(value), value.Name, _html.Words(summary), 3));
            html.Append($"<dt id=\"{_symbols.Anchor(value)}\"><code>{Markup.Escape(value.Name)} = {value.ConstantValue}</code>{Headings.Anchor(_symbols.Anchor(value))}</dt>"
                + $"<dd>{_html.Line(summary)}</dd>\n");
        }
        return html.Append("</dl>\n").ToString();
    }

    /// <summary>The names of the members with a sentence each, where the page is too long to see them at once.</summary>
    private string Index(MemberGroup[] groups)
    {
        if (groups.Length <= ShortPage) return "";
        var html = new StringBuilder();
        foreach (var kind in groups.GroupBy(group => group.Title))
        {
            html.Append($"<p class=\"label\">{kind.Key}</p>\n<dl class=\"index dense\">\n");
            foreach (var group in kind)
            {
                _html.Where = Name(group.Members[0]);
                html.Append($"<dt><a href=\"#{group.Id}\"><code>{Markup.Escape(group.Name)}</code></a>{(group.Members.Count > 1 ? $"<span class=\"count\">×{group.Members.Count}</span>" : "")}</dt>"
                    + $"<dd>{_memberDocs.Line(group.Members[0])}</dd>\n");
            }
            html.Append("</dl>\n");
        }
        return html.ToString();
    }

    private string Members(MemberGroup[] groups, List<DocSection> sections)
    {
        var html = new StringBuilder();
        foreach (var kind in groups.GroupBy(group => group.Title))
        {
            var id = "members-" + kind.Key.ToLowerInvariant();
            sections.Add(new DocSection(id, kind.Key, ""));
            html.Append(Headings.Of(2, id, kind.Key));
            foreach (var group in kind) html.Append(Group(group, sections));
        }
        return html.ToString();
    }

    /// <summary>The members of one name: alone, or each overload under the name.</summary>
    private string Group(MemberGroup group, List<DocSection> sections)
    {
        _html.Where = Name(group.Members[0]);
        var words = _html.Words(_docs.Of(group.Members[0])?.Element("summary"));
        sections.Add(new DocSection(group.Id, group.Name, words, 3));
        var html = new StringBuilder($"<section class=\"member\">\n{Headings.Of(3, group.Id, $"<code>{Markup.Escape(group.Name)}</code>")}");
        foreach (var member in group.Members)
        {
            _html.Where = Name(member);
            var anchor = _symbols.Anchor(member);
            html.Append(anchor == group.Id ? "<div class=\"overload\">" : $"<div class=\"overload\" id=\"{anchor}\">");
            html.Append($"<pre class=\"signature\"><code>{_signature.Of(member)}</code></pre>\n{_memberDocs.Write(member)}</div>\n");
        }
        return html.Append("</section>\n").ToString();
    }

    private static string Name(ISymbol symbol) => symbol.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);

    /// <summary>The extension methods of a type, which stand on other pages.</summary>
    private string Extensions(INamedTypeSymbol type, List<DocSection> sections)
    {
        var methods = _symbols.Extensions[type].Where(method => _symbols.Address(method) is not null)
            .GroupBy(method => (method.Name, Owner: method.ContainingType.ToDisplayString())).Select(group => group.First())
            .OrderBy(method => method.Name, StringComparer.Ordinal).ToArray();
        if (methods.Length == 0) return "";
        sections.Add(new DocSection("extension-methods", "Extension methods", ""));
        var rows = methods.Select(method => $"<dt><a href=\"{_html.Up}{_symbols.Address(method)}\"><code>{Markup.Escape(method.Name)}</code></a></dt>"
            + $"<dd>{_html.Line(_docs.Of(method)?.Element("summary"))} <span class=\"from\">{_signature.NameOf(method.ContainingType)}</span></dd>\n");
        return Headings.Of(2, "extension-methods", "Extension methods") + $"<dl class=\"index\">\n{string.Concat(rows)}</dl>\n";
    }

    /// <summary>What a type has from those that it derives from.</summary>
    private string Inherited(INamedTypeSymbol type, List<DocSection> sections)
    {
        var own = _symbols.Members(type).Select(member => member.Name).ToHashSet();
        var html = new StringBuilder();
        var parents = type.TypeKind == TypeKind.Interface ? type.AllInterfaces : Bases(type);
        foreach (var parent in parents.Where(parent => _symbols.Address(parent) is not null))
        {
            var members = MemberGroup.Of(_symbols.Members(parent.OriginalDefinition))
                .Where(group => group.Title is not "Constructors" && own.Add(group.Members[0].Name)).ToArray();
            if (members.Length == 0) continue;
            html.Append($"<p>From <code>{_signature.NameOf(parent)}</code>: ").AppendJoin(", ", members.Select(group =>
                $"<a href=\"{_html.Up}{_symbols.Address(group.Members[0])}\"><code>{Markup.Escape(group.Name)}</code></a>")).Append("</p>\n");
        }
        if (html.Length == 0) return "";
        sections.Add(new DocSection("inherited", "Inherited members", ""));
        return Headings.Of(2, "inherited", "Inherited members") + html;
    }
}
