using System.Text;
using Interp.Notebooks.Files;

namespace Interp.Notebooks.Docs;

/// <summary>The documentation as a folder of plain pages that open from a file, without a network.</summary>
internal sealed class DocSite
{
    /// <summary>What a folder of pages holds that an earlier run has written.</summary>
    public const string Mark = SiteFiles.SearchIndex;

    private DocSite(IReadOnlyList<(string Path, string Text)> files, IReadOnlyList<DocPage> pages, IReadOnlyList<string> problems, DocCoverage coverage) =>
        (Files, Pages, Problems, Coverage) = (files, pages, problems, coverage);

    /// <summary>Its files, from its folder.</summary>
    public IReadOnlyList<(string Path, string Text)> Files { get; }

    /// <summary>Its pages, in order.</summary>
    public IReadOnlyList<DocPage> Pages { get; }

    /// <summary>Links and references that lead nowhere, a sentence for each; a site that has any is not to be written.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>How much of the reference is documented.</summary>
    public DocCoverage Coverage { get; }

    /// <summary>Makes the site.</summary>
    /// <param name="root">The checkout.</param>
    /// <param name="assemblies">The files of the assemblies for the reference.</param>
    /// <param name="commands">The page of the command line.</param>
    /// <param name="run">Runs a notebook and says whether it did; null to run none.</param>
    /// <param name="cancellation">Stops between two pages.</param>
    public static DocSite Make(string root, IReadOnlyList<string> assemblies, DocPage commands,
        Func<NotebookFile, bool>? run, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var symbols = new ApiSymbols(assemblies);
        var sources = SourcePages.Of(root);
        var guide = new GuidePages(sources, new ApiNames(symbols));
        var reference = new ApiPages(symbols, problems, NamespaceLines.Read(Path.Combine(root, SourcePages.Docs, NamespaceLines.File)));
        var pages = Written(root, sources, guide, run, cancellation);
        pages.Add(commands);
        foreach (var page in reference.All())
        {
            cancellation.ThrowIfCancellationRequested();
            pages.Add(page);
        }
        pages[0] = WithReference(pages[0], commands);
        return Checked(pages, problems, reference.Coverage);
    }

    /// <summary>The first page leads to the generated ones too.</summary>
    private static DocPage WithReference(DocPage first, DocPage commands)
    {
        var body = first.Body + Headings.Of(2, "generated", "Reference") + $"""
            <ul><li><a href="{commands.Path}">Command line</a>: every command with its options and examples</li>
            <li><a href="{ApiPages.Index}">API reference</a>: every public type and member</li></ul>

            """;
        return first with { Body = body, Sections = PageText.Sections(body) };
    }

    /// <summary>The pages that are written by hand, in the order of the first one's links.</summary>
    private static List<DocPage> Written(string root, SourcePages sources, GuidePages guide, Func<NotebookFile, bool>? run, CancellationToken cancellation)
    {
        var first = Path.Combine(root, SourcePages.Docs, "index.md");
        var order = sources.Order(File.ReadAllText(first), first).Prepend(first).ToList();
        var pages = new List<DocPage>();
        foreach (var file in sources.All.OrderBy(file => (uint)order.IndexOf(file)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!file.EndsWith(".ipynb", StringComparison.Ordinal))
            {
                pages.Add(guide.Markdown(file));
                continue;
            }
            var notebook = NotebookFile.Load(file);
            pages.Add(guide.Notebook(notebook, run?.Invoke(notebook) ?? false));
        }
        return [.. pages.OrderBy(page => page.Part)];
    }

    private static DocSite Checked(List<DocPage> pages, List<string> problems, DocCoverage coverage)
    {
        var layout = new SiteLayout(pages);
        var whole = pages.Select((page, i) => (page.Path, page.Source, Html: layout.Write(i))).ToArray();
        var files = SiteFiles.All(pages.Any(page => page.Scripts.Length > 0)).Append((SiteFiles.SearchIndex, SearchIndex.Write(pages))).ToArray();
        problems.AddRange(pages.GroupBy(page => page.Path, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1)
            .Select(group => $"{string.Join(" and ", group.Select(page => page.Source))} would be the same file {group.Key} where case does not count"));
        problems.AddRange(LinkCheck.Problems(whole, [.. files.Select(file => file.Item1)]));
        return new DocSite([.. whole.Select(page => (page.Path, page.Html)), .. files], pages, [.. problems.Distinct()], coverage);
    }

    /// <summary>Writes the site beside its folder and then puts it there; an earlier site is replaced as a whole.</summary>
    /// <param name="folder">The folder: new, empty, or written by this command before.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="IOException">The folder holds something else.</exception>
    public long Write(string folder)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        Ready(target, folder);
        var fresh = $"{target}.{Environment.ProcessId}.new";
        try
        {
            var bytes = Files.Sum(file => Save(Path.Combine(fresh, file.Path), file.Text));
            if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
            Directory.Move(fresh, target);
            return bytes;
        }
        finally
        {
            if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        }
    }

    /// <summary>Refuses a folder whose files would be lost.</summary>
    public static void Ready(string target, string named)
    {
        if (File.Exists(target)) throw new IOException($"{named} is a file; give a folder");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(Path.Combine(target, Mark)))
            throw new IOException($"the folder {named} holds other files; give a new or an empty folder, or one with an earlier site");
    }

    private static long Save(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var bytes = Encoding.UTF8.GetBytes(text);
        File.WriteAllBytes(path, bytes);
        return bytes.Length;
    }
}
