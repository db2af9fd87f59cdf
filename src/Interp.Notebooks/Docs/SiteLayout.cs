using System.Text;
using System.Text.RegularExpressions;
using Interp.Reports;

namespace Interp.Notebooks.Docs;

/// <summary>The frame of every page: search, menu, where the page stands, its contents, the pages before and behind it.</summary>
/// <param name="pages">All pages in the order of the site.</param>
internal sealed partial class SiteLayout(IReadOnlyList<DocPage> pages)
{
    // Nothing may be fetched from outside; what is inside frames of notebooks has scripts of its own.
    private const string Policy = "default-src 'none'; style-src 'self' file: 'unsafe-inline'; "
        + "script-src 'self' file: 'unsafe-inline'; img-src 'self' file: data: blob:";

    private const int FewestContents = 2;

    private static readonly (DocPart Part, string Title)[] Parts =
    [
        (DocPart.Guide, "Guide"), (DocPart.HowTo, "How to"), (DocPart.Notebooks, "Walkthroughs"), (DocPart.Lab, "Lab"),
        (DocPart.Commands, "Reference"),
    ];

    /// <summary>The whole page.</summary>
    /// <param name="at">Its number in the order of the site.</param>
    public string Write(int at)
    {
        var page = pages[at];
        return $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
            <title>{Markup.Escape(page.Title)} · Interp</title><link rel="stylesheet" href="{page.Up}{SiteFiles.Style}"></head>
            <body><a class="skip" href="#main">To the text</a>
            <header class="top"><a class="home" href="{page.Up}index.html">Interp</a>
            <div class="search"><input id="search" type="search" placeholder="Search" aria-label="Search the documentation" autocomplete="off"
            spellcheck="false" role="combobox" aria-expanded="false" aria-controls="hits"><ul id="hits" role="listbox" hidden></ul></div>
            <a class="to-menu" href="#menu" role="button">Menu</a></header>
            <div class="site"><main id="main">
            {Above(page)}{page.Body}{Neighbours(at)}</main>
            {Contents(page)}<nav id="menu" class="menu" aria-label="All pages">{Menu(page)}</nav></div>
            <script src="{page.Up}{SiteFiles.Script}"></script>
            {page.Scripts}</body></html>

            """;
    }

    private static string Above(DocPage page)
    {
        if (page.Path == "index.html") return "";
        var steps = page.Above.Prepend(("Interp", "index.html")).Select(step => step.Item2.Length == 0 ? Markup.Escape(step.Item1)
            : $"<a href=\"{page.Up}{step.Item2}\">{ApiPages.Breakable(step.Item1)}</a>");
        return $"<p class=\"above\">{string.Join(" <span>/</span> ", steps)} <span>/</span> {Markup.Escape(page.Title)}</p>\n";
    }

    private static string Contents(DocPage page)
    {
        if (page.Sections.Count < FewestContents) return "<div class=\"contents\"></div>";
        var rows = page.Sections.Select(section => $"<li class=\"level-{section.Level}\"><a href=\"#{Markup.Escape(section.Id)}\">{CamelCase().Replace(Markup.Escape(section.Title), "$1<wbr>$2")}</a></li>");
        return $"<nav class=\"contents\" aria-label=\"On this page\"><p class=\"label\">On this page</p><ul>{string.Concat(rows)}</ul></nav>\n";
    }

    private string Neighbours(int at)
    {
        var page = pages[at];
        string Link(int other, string name, string words) => other < 0 || other >= pages.Count ? "<span></span>"
            : $"<a rel=\"{name}\" href=\"{page.Up}{pages[other].Path}\"><small>{words}</small>{Markup.Escape(pages[other].Title)}</a>";
        return $"<nav class=\"neighbours\" aria-label=\"Neighbours\">{Link(at - 1, "prev", "Previous")}{Link(at + 1, "next", "Next")}</nav>\n";
    }

    private string Menu(DocPage current)
    {
        var html = new StringBuilder();
        foreach (var (part, title) in Parts)
        {
            var inPart = pages.Where(page => page.Part == part).ToList();
            if (part == DocPart.Commands) inPart.AddRange(pages.Where(page => page.Part == DocPart.Reference).Take(1));
            if (inPart.Count == 0) continue;
            html.Append($"<p class=\"label\">{title}</p><ul>");
            foreach (var page in inPart) html.Append(Item(page, current, page.Title));
            html.Append("</ul>");
        }
        if (current.Part == DocPart.Reference) html.Append(Namespaces(current));
        return html.ToString();
    }

    /// <summary>The namespaces, and the types of the one that the page belongs to.</summary>
    private string Namespaces(DocPage current)
    {
        var html = new StringBuilder("<p class=\"label\">Namespaces</p><ul class=\"names\">");
        var space = Folder(current);
        foreach (var page in pages.Where(page => page.Kind == "namespace"))
        {
            var inside = Folder(page) == space ? string.Concat(pages.Where(type => Folder(type) == space && type.Kind != "namespace" && type.Part == DocPart.Reference)
                .Select(type => Item(type, current, type.Title))) : "";
            html.Append(Item(page, current, page.Title, inside.Length > 0 ? $"<ul>{inside}</ul>" : ""));
        }
        return html.Append("</ul>").ToString();
    }

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex CamelCase();

    private static string Folder(DocPage page) => page.Path[..(page.Path.LastIndexOf('/') + 1)];

    private static string Item(DocPage page, DocPage current, string title, string inside = "") =>
        $"<li><a{(page.Path == current.Path ? " aria-current=\"page\"" : "")} href=\"{current.Up}{page.Path}\">{ApiPages.Breakable(title)}</a>{inside}</li>";
}
