using System.Net;
using System.Text.RegularExpressions;

namespace Interp.Notebooks.Docs;

/// <summary>Finds links of a site that lead nowhere, places that share an id, and anything fetched from outside.</summary>
internal static partial class LinkCheck
{
    /// <summary>What is wrong, a sentence for each.</summary>
    /// <param name="pages">The whole pages by their paths, with what they are made from.</param>
    /// <param name="files">The other files of the site.</param>
    public static IReadOnlyList<string> Problems(IReadOnlyList<(string Path, string Source, string Html)> pages, IReadOnlyCollection<string> files)
    {
        var ids = pages.ToDictionary(page => page.Path, page => Id().Matches(WithoutData(page.Html)).Select(match => match.Groups[1].Value).ToArray());
        var problems = pages.SelectMany(page => ids[page.Path].CountBy(id => id).Where(id => id.Value > 1)
            .Select(id => $"{page.Source}: {id.Value} places of the page have the id '{id.Key}'")).ToList();
        var places = ids.ToDictionary(page => page.Key, page => page.Value.ToHashSet());
        foreach (var (path, source, html) in pages)
            foreach (var (link, fetched) in Links(html))
                if (Problem(path, link, fetched, places, files) is { } problem) problems.Add($"{source}: the link '{link}' {problem}");
        return problems;
    }

    private static IEnumerable<(string Link, bool Fetched)> Links(string html) => Link().Matches(WithoutData(html))
        .Select(match => (WebUtility.HtmlDecode(match.Groups[3].Value), match.Groups[1].Value != "a")).Distinct();

    /// <summary>A page without the scripts in it: what looks like a link there is data.</summary>
    private static string WithoutData(string html) => Data().Replace(html, "");

    private static string? Problem(string path, string link, bool fetched,
        Dictionary<string, HashSet<string>> places, IReadOnlyCollection<string> files)
    {
        if (link.StartsWith("data:", StringComparison.Ordinal)) return null;
        if (link.Contains(':') || link.StartsWith("//", StringComparison.Ordinal))
            return fetched ? "fetches something from outside the site" : null;
        var parts = link.Split('#', 2);
        var target = parts[0].Length == 0 ? path : Resolved(path, Uri.UnescapeDataString(parts[0]));
        if (!places.TryGetValue(target, out var ids)) return files.Contains(target) ? null : "leads to no page";
        return parts.Length < 2 || ids.Contains(Uri.UnescapeDataString(parts[1])) ? null : $"leads to no place of {target}";
    }

    /// <summary>Where a relative link leads, from the site's folder; a way out of the folder keeps its dots.</summary>
    private static string Resolved(string from, string link)
    {
        var parts = from.Split('/')[..^1].ToList();
        foreach (var part in link.Split('/'))
            if (part == ".." && parts.Count > 0 && parts[^1] != "..") parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or "")) parts.Add(part);
        return string.Join('/', parts);
    }

    [GeneratedRegex("<[^>]*? id=\"([^\"]+)\"")]
    private static partial Regex Id();

    [GeneratedRegex("<(a|img|link|script|iframe|source)\\b[^>]*? (href|src)=\"([^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("(?<=<script[^>]*>).*?(?=</script>)|(?<= srcdoc=\")[^\"]*(?=\")", RegexOptions.Singleline)]
    private static partial Regex Data();
}
