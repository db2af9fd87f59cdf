using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>
/// Thousands of features to search, sort and look at one by one: where each fires, how strongly, what it does to the
/// logits, what is related to it. The page holds the features compressed, in parts of which only those that are looked
/// at are unpacked, so that it opens at once. <c>#feature=123</c> behind its address opens a feature.
/// </summary>
/// <example><code>
/// var view = new FeaturesView("Features", sheets, token => vocabulary[token]);
/// report.AddSection("Features").Add(view);
/// </code></example>
public sealed class FeaturesView : ReportBlock
{
    private const int StillRows = 40;
    private readonly Func<int, string> _text;

    /// <param name="title">One line that says what the features are of, for those who do not see the page.</param>
    /// <param name="sheets">The features.</param>
    /// <param name="text">The text of a token's id, as decoded.</param>
    /// <exception cref="ArgumentException">There are none, two have one number, or an example does not hold
    /// together.</exception>
    public FeaturesView(string title, IReadOnlyList<FeatureSheet> sheets, Func<int, string> text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(sheets);
        ArgumentNullException.ThrowIfNull(text);
        if (sheets.Count == 0) throw new ArgumentException($"the view '{title}' has no features");
        if (sheets.GroupBy(sheet => sheet.Index).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"the view '{title}' has two features {twice.Key}; give each its own number");
        foreach (var sheet in sheets)
            foreach (var window in sheet.Examples.SelectMany(group => group.Windows))
                if (window.Tokens.Count != window.Values.Count || window.Peak < 0 || window.Peak >= window.Tokens.Count)
                    throw new ArgumentException(
                        $"an example of feature {sheet.Index} has {window.Tokens.Count} tokens, {window.Values.Count} "
                        + $"values and is about token {window.Peak}; give a value for each token and one of them");
        (Title, Sheets, _text) = (title, sheets, text);
    }

    /// <summary>One line that says what the features are of, for those who do not see the page.</summary>
    public string Title { get; }

    /// <summary>The features.</summary>
    public IReadOnlyList<FeatureSheet> Sheets { get; }

    /// <summary>A sentence or two above the features.</summary>
    /// <value>Default: empty.</value>
    public string Caption { get; init; } = "";

    /// <summary>What one of them is called.</summary>
    /// <value>Default: "feature".</value>
    public string Kind { get; init; } = "feature";

    /// <summary>Tokens on which they were measured, for the counts beside shares.</summary>
    /// <value>Default: null, only shares are shown.</value>
    public long? Tokens { get; init; }

    internal override void Render(Page page)
    {
        var id = page.NextFeatures();
        var html = page.Html;
        html.Open("section", ("class", "features"), ("id", id), ("aria-label", Title));
        if (Caption.Length > 0) html.Open("p", ("class", "caption")).Raw(Prose.Inline(Caption)).Close();
        html.Open("div", ("class", "features-app")).Close();
        NoScript(html);
        html.CloseLine();
        var packed = PackedFeatures.Pack(Sheets, _text);
        for (var i = 0; i < packed.Parts.Count; i++) Part(html, $"{id}-part-{i}", packed.Parts[i]);
        Part(html, $"{id}-index", packed.Index);
        page.AddFeatures(new JsonObject
        {
            ["id"] = id,
            ["title"] = Title,
            ["kind"] = Kind,
            ["count"] = Sheets.Count,
            ["tokens"] = Tokens,
            ["part"] = PackedFeatures.PartSize,
            ["encoding"] = "the elements ID-index and ID-part-N hold JSON, compressed with zlib, as base64",
        });
    }

    private static void Part(MarkupWriter html, string id, string base64) =>
        html.Open("script", ("type", "application/zlib+base64"), ("id", id)).Raw(base64).CloseLine();

    private void NoScript(MarkupWriter html)
    {
        html.Open("noscript").Element("p", $"This page runs no scripts: below are the {Math.Min(StillRows, Sheets.Count)} "
            + $"strongest of {Sheets.Count}, without their examples.", ("class", "note"));
        html.Open("div", ("class", "table-box")).Open("table").Open("thead").Open("tr");
        foreach (var name in new[] { Kind, "share of tokens", "maximum", "fires on", "raises" }) html.Element("th", name);
        html.Close().Close().Open("tbody");
        foreach (var sheet in Sheets.OrderByDescending(sheet => sheet.Maximum).Take(StillRows))
        {
            html.Open("tr").Element("th", sheet.Index.ToString()).Element("td", $"{sheet.Density:0.00%}")
                .Element("td", $"{sheet.Maximum:0.###}");
            html.Element("td", Words(PackedFeatures.Peaks(sheet).Take(5)));
            html.Element("td", Words(sheet.Promoted.Select(token => token.Token).Take(5))).Close();
        }

        html.Close().Close().Close().Close();
    }

    private string Words(IEnumerable<int> tokens) => string.Join("  ", tokens.Select(token => TokenText.Visible(_text(token))));
}
