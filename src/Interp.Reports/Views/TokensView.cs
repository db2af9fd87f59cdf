using System.Text.Json.Nodes;
using static Interp.Reports.Numbers;

namespace Interp.Reports;

/// <summary>
/// A text as coloured tokens, one number each: loss per token, an activation, a logit difference. Spaces and line
/// breaks are made visible; the number shows under the pointer and by arrow keys.
/// </summary>
public sealed class TokensView : ReportBlock
{
    /// <param name="title">One line that says what the colours are.</param>
    /// <param name="tokens">The token texts, as decoded.</param>
    /// <param name="values">One number per token; NaN where a token has none (the first has no loss).</param>
    /// <exception cref="ArgumentException">There are not as many numbers as tokens, or none.</exception>
    public TokensView(string title, IReadOnlyList<string> tokens, ReadOnlyMemory<float> values)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Count == 0 || tokens.Count != values.Length)
            throw new ArgumentException(
                $"the token view '{title}' has {tokens.Count} tokens and {values.Length} values; give one for each");
        Title = title;
        Tokens = tokens;
        Values = values;
    }

    /// <summary>One line that says what the colours are.</summary>
    public string Title { get; }

    /// <summary>The token texts.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>One number per token.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>A sentence or two below the title.</summary>
    /// <value>Default: empty.</value>
    public string Caption { get; init; } = "";

    /// <summary>What the numbers are, with their unit.</summary>
    /// <value>Default: "value".</value>
    public string ValueName { get; init; } = "value";

    /// <summary>The colours.</summary>
    /// <value>Default: null, diverging where a number is below zero, else sequential.</value>
    public ColorScale? Colors { get; init; }

    /// <summary>The number at the lower end of the colours.</summary>
    /// <value>Default: null, as <see cref="HeatmapFigure.Minimum"/>.</value>
    public double? Minimum { get; init; }

    /// <summary>The number at the upper end of the colours.</summary>
    /// <value>Default: null, as <see cref="HeatmapFigure.Maximum"/>.</value>
    public double? Maximum { get; init; }

    internal override void Render(Page page)
    {
        var id = page.NextTokens();
        var (low, high) = Range(Values.Span);
        var colors = Colors ?? ColorScale.For(low);
        var span = colors.Span(low, high);
        span = (Minimum ?? span.Low, Maximum ?? span.High);
        if (!(span.High > span.Low))
            throw new ArgumentException(
                $"the colours of '{Title}' run from {span.Low} to {span.High}; the upper end must be above the lower");
        var html = page.Html;
        html.Open("figure", ("class", "tokens"), ("id", id));
        html.Open("figcaption").Element("strong", Title);
        if (Caption.Length > 0) html.Open("span", ("class", "caption")).Raw(Prose.Inline(Caption)).Close();
        html.Close();
        Legend(html, colors, span);
        Text(html, colors, span);
        if (CountNotFinite(Values.Span) is > 0 and var count)
            html.Element("p", $"{count} {(count == 1 ? "token has" : "tokens have")} no number and no colour.",
                ("class", "note"));
        html.CloseLine();
        page.AddTokens(Data(id));
    }

    private void Legend(MarkupWriter html, ColorScale colors, (double Low, double High) span)
    {
        var stops = Enumerable.Range(0, 9).Select(i => colors.At(i / 8.0)).ToArray();
        html.Open("div", ("class", "legend")).Element("span", ValueName, ("class", "legend-name"));
        html.Element("span", Format(span.Low, "0.###"));
        html.Open("span", ("class", "ramp"), ("style",
            $"--l:linear-gradient(90deg,{string.Join(',', stops.Select(stop => stop.Light.Hex))});"
            + $"--d:linear-gradient(90deg,{string.Join(',', stops.Select(stop => stop.Dark.Hex))})")).Close();
        html.Element("span", Format(span.High, "0.###"));
        html.Open("output", ("class", "readout")).Close().CloseLine();
    }

    private void Text(MarkupWriter html, ColorScale colors, (double Low, double High) span)
    {
        html.Open("div", ("class", "token-text"), ("tabindex", "0"), ("role", "group"),
            ("aria-label", $"{Title}: {Tokens.Count} tokens; arrow keys read {ValueName} token by token"));
        var words = TokenMarkup.AreWords(Tokens);
        for (var i = 0; i < Tokens.Count; i++)
        {
            if (!words || TokenMarkup.StartsWithSpace(Tokens[i])) html.Empty("wbr");
            var value = Values.Span[i];
            var visible = TokenText.Visible(Tokens[i]);
            var finite = float.IsFinite(value);
            html.Open("span", ("class", finite ? "tok" : "tok none"), ("data-index", i.ToString()),
                ("title", $"{i} ‘{visible}’ {ValueName} {Exact(value)}"),
                ("style", finite ? TokenPaint.Style(colors.At(HeatmapSvg.Fraction(value, span))) : null));
            TokenMarkup.Write(html, visible);
            html.Close();
            if (Tokens[i].Contains('\n')) html.Empty("br");
        }
        html.CloseLine();
    }

    private JsonObject Data(string id) => new()
    {
        ["id"] = id,
        ["title"] = Title,
        ["valueName"] = ValueName,
        ["tokens"] = Json.Array(Tokens),
        ["values"] = Json.Array(Values.Span),
    };
}
