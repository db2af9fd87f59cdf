namespace Interp.Notebooks.Display;

/// <summary>A text with a MIME type of its own, made by <see cref="Notebook.Html"/> and its like.</summary>
/// <param name="type">The MIME type.</param>
/// <param name="content">The text, or base64.</param>
public sealed class RichText(string type, string content) : IRichValue
{
    /// <summary>The MIME type.</summary>
    public string Type => type;

    /// <summary>The text, or base64.</summary>
    public string Content => content;

    /// <inheritdoc/>
    public MimeBundle ToMime() =>
        new MimeBundle(Type.StartsWith("text/", StringComparison.Ordinal) ? Content : $"<{Type}>").With(Type, Content);

    /// <inheritdoc/>
    public override string ToString() => ToMime().Text;
}
