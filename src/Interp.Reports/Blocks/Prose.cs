using System.Text;

namespace Interp.Reports;

/// <summary>Paragraphs of text. A blank line begins a new one; what stands between backticks is set as code.</summary>
public sealed class Prose : ReportBlock
{
    /// <param name="text">The text.</param>
    public Prose(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>The markup of one paragraph.</summary>
    internal static string Inline(string text)
    {
        var parts = text.Split('`');
        var markup = new StringBuilder();
        for (var i = 0; i < parts.Length; i++)
        {
            // An odd part lies between two backticks, unless the last backtick has no partner.
            var code = i % 2 == 1 && i < parts.Length - 1;
            if (i % 2 == 1 && !code) markup.Append('`');
            markup.Append(code ? $"<code>{Markup.Escape(parts[i])}</code>" : Markup.Escape(parts[i]));
        }
        return markup.ToString();
    }

    internal override void Render(Page page)
    {
        foreach (var paragraph in Text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.TrimEntries))
            if (paragraph.Length > 0) page.Html.Open("p").Raw(Inline(paragraph)).CloseLine();
    }
}
