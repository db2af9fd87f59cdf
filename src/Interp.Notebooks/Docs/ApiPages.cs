using System.Text;
using System.Xml.Linq;
using Interp.Reports;
using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Docs;

/// <summary>The reference: a page for all namespaces, one for each namespace and one for each public type.</summary>
internal sealed class ApiPages
{
    /// <summary>The page of all namespaces.</summary>
    public const string Index = ApiSymbols.Folder + "/index.html";
    private readonly ApiSymbols _symbols;
    private readonly ApiDocs _docs;
    private readonly DocHtml _html;
    private readonly TypePage _typePage;
    private readonly IReadOnlyDictionary<string, string> _namespaces;
    private readonly ICollection<string> _problems;

    /// <param name="symbols">The types.</param>
    /// <param name="problems">Takes references that lead nowhere.</param>
    /// <param name="namespaces">One line about each namespace, as HTML, where there is one.</param>
    public ApiPages(ApiSymbols symbols, ICollection<string> problems, IReadOnlyDictionary<string, string> namespaces)
    {
        (_symbols, _docs, _namespaces, _problems) = (symbols, new ApiDocs(symbols), namespaces, problems);
        _html = new DocHtml(symbols, problems);
        _typePage = new TypePage(symbols, _docs, _html);
    }

    /// <summary>How much of the reference is documented.</summary>
    public DocCoverage Coverage => DocCoverage.Of(_symbols, _docs, _namespaces);

    /// <summary>All pages, the one that lists the namespaces first, then each namespace and its types.</summary>
    public IEnumerable<DocPage> All()
    {
        var spaces = _symbols.Types.GroupBy(type => type.ContainingNamespace.ToDisplayString())
            .OrderBy(space => space.Key, StringComparer.Ordinal).ToArray();
        foreach (var unknown in _namespaces.Keys.Except(spaces.Select(space => space.Key)))
            _problems.Add($"docs/{NamespaceLines.File}: no public type is in the namespace '{unknown}' that it describes");
        yield return Overview(spaces);
        foreach (var space in spaces)
        {
            yield return Namespace(space.Key, [.. space]);
            foreach (var type in space) yield return _typePage.Write(type);
        }
    }

    /// <summary>Where the reference stands among the pages above one of its pages.</summary>
    public static IReadOnlyList<(string Title, string Path)> Above(INamespaceSymbol? space) => space is null
        ? [("API reference", Index)]
        : [("API reference", Index), (space.ToDisplayString(), ApiSymbols.PageOf(space))];

    private DocPage Overview(IReadOnlyList<IGrouping<string, INamedTypeSymbol>> spaces)
    {
        var count = spaces.Sum(space => space.Count());
        var html = new StringBuilder("<h1>API reference</h1>\n");
        html.Append($"<p class=\"lead\">Every public type: {count} types in {spaces.Count} namespaces.</p>\n");
        html.Append("<div class=\"table-box\"><table><thead><tr><th>Namespace</th><th>Types</th><th>What is there</th></tr></thead><tbody>\n");
        foreach (var space in spaces)
            html.Append($"<tr><td><a href=\"{space.Key}/index.html\"><code>{Breakable(space.Key)}</code></a></td><td class=\"number\">{space.Count()}</td>"
                + $"<td>{_namespaces.GetValueOrDefault(space.Key, "")}</td></tr>\n");
        html.Append("</tbody></table></div>\n");
        return new DocPage(Index, "API reference", DocPart.Reference, "the reference", html.ToString())
        {
            Summary = "Every public type, by namespace.",
        };
    }

    private DocPage Namespace(string name, INamedTypeSymbol[] types)
    {
        (_html.Up, _html.Where, _html.Inside) = ("../../", name, null);
        var html = new StringBuilder($"<h1><code>{Breakable(name)}</code> <span class=\"kind\">namespace</span></h1>\n");
        if (_namespaces.TryGetValue(name, out var line)) html.Append($"<p class=\"lead\">{line}</p>\n");
        var sections = new List<DocSection>();
        foreach (var (title, id, members) in ByKind(types))
        {
            sections.Add(new DocSection(id, title, ""));
            html.Append(Headings.Of(2, id, title)).Append("<dl class=\"index\">\n");
            foreach (var type in members)
            {
                _html.Where = type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);
                html.Append($"<dt><a href=\"{_html.Up}{ApiSymbols.PageOf(type)}\"><code>{Name(type)}</code></a></dt>"
                    + $"<dd>{_html.Line(_docs.Of(type)?.Element("summary"))}</dd>\n");
            }
            html.Append("</dl>\n");
        }
        return new DocPage(ApiSymbols.PageOf(types[0].ContainingNamespace), name, DocPart.Reference, name, html.ToString())
        {
            Kind = "namespace",
            Sections = sections,
            Above = Above(null),
        };
    }

    private static IEnumerable<(string Title, string Id, INamedTypeSymbol[] Types)> ByKind(INamedTypeSymbol[] types) =>
        from title in (string[])["Classes", "Records", "Structs", "Interfaces", "Enums", "Delegates"]
        let members = types.Where(type => KindOf(type) == title).ToArray()
        where members.Length > 0
        select (title, title.ToLowerInvariant(), members);

    private static string KindOf(INamedTypeSymbol type) => CSharpSignature.Kind(type) switch
    {
        "record" => "Records",
        "struct" or "record struct" => "Structs",
        "interface" => "Interfaces",
        "enum" => "Enums",
        "delegate" => "Delegates",
        _ => "Classes",
    };

    /// <summary>A type's name with those of the types around it, as HTML.</summary>
    internal static string Name(INamedTypeSymbol type) => Markup.Escape(type.ToDisplayString(TypePage.ShortName));

    /// <summary>A long name that may go on in the next line behind a point.</summary>
    internal static string Breakable(string name) => Markup.Escape(name).Replace(".", ".<wbr>", StringComparison.Ordinal);
}
