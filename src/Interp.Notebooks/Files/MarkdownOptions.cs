namespace Interp.Notebooks.Files;

/// <summary>What <see cref="MarkdownHtml"/> asks of the page that it writes for.</summary>
public sealed record MarkdownOptions
{
    /// <summary>Where a link or picture leads, from what the text says.</summary>
    /// <value>Default: null, where the text says.</value>
    public Func<string, string>? Address { get; init; }

    /// <summary>The id of a heading; headings with one get a link to themselves.</summary>
    /// <value>Default: null, no ids.</value>
    public Func<MarkdownHeading, string>? HeadingId { get; init; }

    /// <summary>Where a piece of code in a line leads, such as the name of a type; null for nowhere.</summary>
    /// <value>Default: null, nowhere.</value>
    public Func<string, string?>? CodeAddress { get; init; }
}
