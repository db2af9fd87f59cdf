using System.Text;
using Interp.Reports;

namespace Interp.Notebooks.Display;

/// <summary>Values in one row, made by <see cref="Notebook.side_by_side"/>: three figures to compare, a table beside one.</summary>
/// <param name="values">The values.</param>
public sealed class SideBySide(IReadOnlyList<object?> values) : IRichValue
{
    private const int Narrowest = 240; // pixels; with less the row breaks

    /// <summary>The values.</summary>
    public IReadOnlyList<object?> Values => values;

    /// <inheritdoc/>
    public MimeBundle ToMime()
    {
        var bundles = Values.Select(MimeBundle.Of).ToArray();
        var html = new StringBuilder("<div style=\"display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start\">");
        foreach (var bundle in bundles)
            html.Append($"<div style=\"flex:1 1 {Narrowest}px;min-width:0;max-width:100%\">{Html(bundle)}</div>");
        return new MimeBundle(string.Join('\n', bundles.Select(bundle => bundle.Text)))
            .With(MimeBundle.HtmlType, html.Append("</div>").ToString());
    }

    private static string Html(MimeBundle bundle)
    {
        // A drawing has a size of its own; here it shrinks with its part of the row.
        if (bundle[MimeBundle.HtmlType] is { } html)
            return html.Replace("<svg ", "<svg style=\"max-width:100%;height:auto\" ", StringComparison.Ordinal);
        return bundle[MimeBundle.PngType] is { } png
            ? $"<img alt=\"\" style=\"max-width:100%\" src=\"data:image/png;base64,{png}\">"
            : $"<pre>{Markup.Escape(bundle.Text)}</pre>";
    }
}
