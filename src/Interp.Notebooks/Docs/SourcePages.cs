namespace Interp.Notebooks.Docs;

/// <summary>Which page each file of the checkout becomes, and how links between files become links between pages.</summary>
/// <param name="root">The checkout.</param>
/// <param name="pages">The pages, from the site's folder, by the files that they are made from.</param>
internal sealed class SourcePages(string root, IReadOnlyDictionary<string, string> pages)
{
    /// <summary>The folder of pages in Markdown.</summary>
    public const string Docs = "docs";

    /// <summary>The folder of notebooks.</summary>
    public const string Notebooks = "notebooks";

    /// <summary>The files of a checkout that become pages.</summary>
    public static SourcePages Of(string root)
    {
        var docs = Files(Path.Combine(root, Docs), "*.md").Select(file => (file, Path.GetRelativePath(Path.Combine(root, Docs), file)));
        var notebooks = Files(Path.Combine(root, Notebooks), "*.ipynb").Where(file => !file.Contains(".ipynb_checkpoints", StringComparison.Ordinal))
            .Select(file => (file, Path.GetRelativePath(root, file)));
        var all = docs.Concat(notebooks).ToDictionary(pair => pair.file,
            pair => Path.ChangeExtension(pair.Item2, ".html").Replace('\\', '/'), StringComparer.Ordinal);
        var readme = Path.Combine(root, Notebooks, "README.md");
        if (File.Exists(readme)) all[readme] = $"{Notebooks}/index.html";
        return new SourcePages(root, all);
    }

    /// <summary>The files, by their paths.</summary>
    public IEnumerable<string> All => pages.Keys.Order(StringComparer.Ordinal);

    /// <summary>The page of a file.</summary>
    public string PageOf(string file) => pages[file];

    /// <summary>A file's path in the checkout, as errors name it.</summary>
    public string Name(string file) => Path.GetRelativePath(root, file).Replace('\\', '/');

    /// <summary>Where a link in a file leads on its page; a link to no page stays, and the check of links finds it.</summary>
    public string Address(string file, string link)
    {
        var parts = link.Split('#', 2);
        if (parts[0].Length == 0 || parts[0].Contains(':')) return link;
        var target = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, parts[0]));
        if (!pages.TryGetValue(target, out var page) && !pages.TryGetValue(Path.Combine(target, "README.md"), out page)) return link;
        var way = Path.GetRelativePath(Path.GetDirectoryName(Path.Combine(root, PageOf(file)))!, Path.Combine(root, page)).Replace('\\', '/');
        return parts.Length > 1 ? $"{way}#{parts[1]}" : way;
    }

    /// <summary>The files that the first page links to, in its order: the order of the site.</summary>
    public IReadOnlyList<string> Order(string markdown, string file) => [.. Links(markdown)
        .Select(link => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, link.Split('#')[0]))).Where(pages.ContainsKey).Distinct()];

    private static IEnumerable<string> Links(string markdown) =>
        System.Text.RegularExpressions.Regex.Matches(markdown, @"\]\(([^)\s]+)\)").Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories) : [];
}
