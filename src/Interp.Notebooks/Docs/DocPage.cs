namespace Interp.Notebooks.Docs;

/// <summary>A page of the documentation's site.</summary>
/// <param name="Path">Its file, from the site's folder, with <c>/</c>.</param>
/// <param name="Title">Its title.</param>
/// <param name="Part">Where it belongs.</param>
/// <param name="Source">What it is made from, as an error names it.</param>
/// <param name="Body">What it says, as HTML.</param>
internal sealed record DocPage(string Path, string Title, DocPart Part, string Source, string Body)
{
    /// <summary>One sentence for the search.</summary>
    public string Summary { get; init; } = "";

    /// <summary>What kind of thing it is about, for the search.</summary>
    public string Kind { get; init; } = "page";

    /// <summary>Its places, in order.</summary>
    public IReadOnlyList<DocSection> Sections { get; init; } = [];

    /// <summary>The pages above it, the nearest last.</summary>
    public IReadOnlyList<(string Title, string Path)> Above { get; init; } = [];

    /// <summary>What goes behind the body: scripts that draw figures.</summary>
    public string Scripts { get; init; } = "";

    /// <summary>The way from this page to the site's folder.</summary>
    public string Up => string.Concat(Enumerable.Repeat("../", Path.Count(c => c == '/')));
}
