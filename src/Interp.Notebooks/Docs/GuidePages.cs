using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Interp.Notebooks.Files;
using Interp.Reports;

namespace Interp.Notebooks.Docs;

/// <summary>The pages that are written by hand: Markdown of the folder <c>docs</c>, and notebooks.</summary>
/// <param name="sources">Which file becomes which page.</param>
/// <param name="names">Leads names of types and members to the reference.</param>
internal sealed partial class GuidePages(SourcePages sources, ApiNames names)
{
    /// <summary>A file of Markdown as a page.</summary>
    public DocPage Markdown(string file)
    {
        var text = File.ReadAllText(file);
        var page = Empty(file, file.Contains("how-to", StringComparison.Ordinal) ? DocPart.HowTo
            : sources.PageOf(file).StartsWith(SourcePages.Notebooks, StringComparison.Ordinal) ? DocPart.Notebooks : DocPart.Guide);
        var title = "";
        var body = MarkdownHtml.Convert(text, Options(file, page, heading => title = title.Length > 0 ? title : heading.Text));
        return Finished(page with { Title = title.Length > 0 ? title : Path.GetFileNameWithoutExtension(file), Body = body });
    }

    /// <summary>A notebook as a page.</summary>
    /// <param name="notebook">The notebook, with its outputs where it was run.</param>
    /// <param name="wasRun">Whether it was.</param>
    public DocPage Notebook(NotebookFile notebook, bool wasRun)
    {
        var isLab = notebook.Cells.Any(cell => cell.Role == CellRole.Exercise);
        var page = Empty(notebook.Path, isLab ? DocPart.Lab : DocPart.Notebooks) with { Title = notebook.Title, Kind = "notebook" };
        var figures = new JsonArray();
        var body = NotebookPage.Body(notebook, figures, Options(notebook.Path, page, _ => { }));
        var note = $"<p class=\"note\">A notebook: <code>./interp notebook {Markup.Escape(sources.Name(notebook.Path))}</code> opens it"
            + (wasRun ? "" : "; here it stands without outputs") + ".</p>\n";
        var title = body.IndexOf("</h1>\n", StringComparison.Ordinal);
        body = title < 0 ? $"<h1>{Markup.Escape(notebook.Title)}</h1>\n{note}{body}" : body.Insert(title + "</h1>\n".Length, note);
        page = page with { Body = $"<div class=\"notebook\">{body}</div>\n", Scripts = SiteFiles.FigureScripts(figures, page.Up) };
        return Finished(page);
    }

    private DocPage Empty(string file, DocPart part) => new(sources.PageOf(file), "", part, sources.Name(file), "")
    {
        Above = part switch
        {
            DocPart.HowTo => [("How to", "")],
            DocPart.Notebooks => [("Notebooks", "")],
            DocPart.Lab => [("Lab", "")],
            _ => [],
        },
    };

    private static DocPage Finished(DocPage page)
    {
        var body = Table().Replace(page.Body, table => $"<div class=\"table-box\">{Code().Replace(table.Value, code =>
            $"<code>{Breaks().Replace(code.Groups[1].Value, "$0<wbr>")}</code>")}</div>");
        return page with { Body = body, Sections = PageText.Sections(body), Summary = PageText.Summary(body[(body.IndexOf("</h1>", StringComparison.Ordinal) + 1)..]) };
    }

    [GeneratedRegex("<table>.*?</table>", RegexOptions.Singleline)]
    private static partial Regex Table();

    [GeneratedRegex("<code>([^<]*)</code>")]
    private static partial Regex Code();

    /// <summary>Where a long name in a narrow column may go on in the next line.</summary>
    [GeneratedRegex("[._](?=[A-Za-z])|[a-z](?=[A-Z])")]
    private static partial Regex Breaks();

    private MarkdownOptions Options(string file, DocPage page, Action<MarkdownHeading> seen)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return new MarkdownOptions
        {
            Address = link => sources.Address(file, link),
            CodeAddress = code => names.Find(code) is { } address ? page.Up + address : null,
            HeadingId = heading =>
            {
                seen(heading);
                return Headings.Id(heading.Text, taken);
            },
        };
    }
}
