using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>
/// The attention of every head on one text. Thumbnails by layer and head choose a head; beside them its pattern is a
/// map (destination down, source across) and a text in which a token shows where it attends. Works with pointer,
/// keys and, as still pictures of some heads, without scripts.
/// </summary>
/// <example><code>
/// var view = new AttentionView("Attention", tokens, layers, heads, pattern);   // pattern [layer, head, dest, src]
/// view.AddScore("induction", inductionScores);                                  // [layer, head], shown as badges
/// report.AddSection("What the heads attend to").Add(view);
/// </code></example>
public sealed class AttentionView : ReportBlock
{
    /// <summary>Up to this many tokens the page holds the exact float32 weights; above it, 8 bits each.</summary>
    public const int MostExactTokens = 64;

    private const int StillPictures = 16;
    private readonly List<(string Name, ReadOnlyMemory<float> Values)> _scores = [];

    /// <param name="title">One line that says what is shown.</param>
    /// <param name="tokens">The token texts, as decoded.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="heads">Number of heads in each layer.</param>
    /// <param name="pattern">Weights <c>[layer, head, destination, source]</c>, row by row; NaN for none.</param>
    /// <exception cref="ArgumentException">The number of weights is not layers × heads × tokens × tokens.</exception>
    public AttentionView(
        string title, IReadOnlyList<string> tokens, int layers, int heads, ReadOnlyMemory<float> pattern)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(tokens);
        var count = (long)layers * heads * tokens.Count * tokens.Count;
        if (layers < 1 || heads < 1 || tokens.Count < 1 || pattern.Length != count)
            throw new ArgumentException(
                $"the attention view '{title}' of {layers} layers × {heads} heads × "
                + $"{tokens.Count} × {tokens.Count} tokens needs {count} weights (at least 1), got {pattern.Length}");
        (Title, Tokens, Layers, Heads, Pattern) = (title, tokens, layers, heads, pattern);
    }

    /// <summary>One line that says what is shown.</summary>
    public string Title { get; }

    /// <summary>The token texts.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>Number of layers.</summary>
    public int Layers { get; }

    /// <summary>Number of heads in each layer.</summary>
    public int Heads { get; }

    /// <summary>Attention weights, <c>[layer, head, destination, source]</c>.</summary>
    public ReadOnlyMemory<float> Pattern { get; }

    /// <summary>A sentence or two below the title.</summary>
    /// <value>Default: empty.</value>
    public string Caption { get; init; } = "";

    /// <summary>Whether no token attends to a later one; decides only what the page says about the map.</summary>
    /// <value>Default: null, true where every weight above the diagonal is zero.</value>
    public bool? Causal { get; init; }

    /// <summary>Adds one score per head, shown as a badge on its thumbnail; the reader chooses among several.</summary>
    /// <param name="name">What the score is: "induction".</param>
    /// <param name="values">Scores <c>[layer, head]</c>.</param>
    /// <returns>This view.</returns>
    /// <exception cref="ArgumentException">There are not as many scores as heads.</exception>
    public AttentionView AddScore(string name, ReadOnlyMemory<float> values)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (values.Length != Layers * Heads)
            throw new ArgumentException(
                $"'{Title}' has {Layers} × {Heads} heads and the score '{name}' {values.Length} values; "
                + "give one for each");
        _scores.Add((name, values));
        return this;
    }

    internal override void Render(Page page)
    {
        var id = page.NextAttention();
        var html = page.Html;
        html.Open("section", ("class", "attention"), ("id", id), ("aria-label", Title));
        html.Open("div", ("class", "figcaption")).Element("strong", Title);
        if (Caption.Length > 0) html.Open("span", ("class", "caption")).Raw(Prose.Inline(Caption)).Close();
        html.Close();
        html.Open("div", ("class", "attention-app")).Close();
        NoScript(html);
        html.Element("p", Precision, ("class", "note"));
        html.CloseLine();
        page.AddAttention(Data(id));
    }

    private string Precision => Tokens.Count <= MostExactTokens
        ? "The weights in this page are exact (float32)."
        : "The weights in this page are rounded to 8 bits (255 levels from the smallest to the largest) "
          + "to keep it small.";

    private JsonObject Data(string id)
    {
        var data = new JsonObject
        {
            ["id"] = id,
            ["title"] = Title,
            ["layers"] = Layers,
            ["heads"] = Heads,
            ["causal"] = Causal ?? LooksCausal(),
            ["tokens"] = Json.Array(Tokens),
            ["words"] = TokenMarkup.AreWords(Tokens),
            ["visible"] = Json.Array(Tokens.Select(TokenText.Visible)),
            ["scores"] = new JsonArray([.. _scores.Select(score => (JsonNode)new JsonObject
            {
                ["name"] = score.Name,
                ["values"] = Json.Array(score.Values.Span),
            })]),
        };
        data["weights"] = PackedWeights.Pack(Pattern.Span, exact: Tokens.Count <= MostExactTokens);
        return data;
    }

    private bool LooksCausal()
    {
        var n = Tokens.Count;
        var pattern = Pattern.Span;
        for (var row = 0; row < Layers * Heads * n; row++)
            if (pattern.Slice(row * n, n)[(row % n + 1)..].ContainsAnyExcept(0f, float.NaN)) return false;
        return true;
    }

    private void NoScript(MarkupWriter html)
    {
        // The heads that the first score puts highest are the ones worth showing; without a score, the first ones.
        var order = Enumerable.Range(0, Layers * Heads);
        if (_scores.Count > 0) order = order.OrderByDescending(head => _scores[0].Values.Span[head]);
        var shown = order.Take(StillPictures).Order().ToArray();
        html.Open("noscript").Element("p", shown.Length < Layers * Heads
            ? $"This page runs no scripts: below are still pictures of {shown.Length} of the {Layers * Heads} heads"
              + $" ({(_scores.Count > 0 ? $"highest {_scores[0].Name} scores" : "the first ones")}), "
              + "destination down, source across."
            : "This page runs no scripts: below are still pictures of the heads, destination down, source across.",
            ("class", "note"));
        html.Open("div", ("class", "stills"));
        foreach (var head in shown)
        {
            var name = $"L{head / Heads}H{head % Heads}";
            html.Open("figure").Empty("img", ("alt", $"Attention pattern of {name}"), ("width", "112"),
                ("height", "112"), ("src", "data:image/png;base64," + Convert.ToBase64String(Still(head))));
            html.Element("figcaption", name).Close();
        }
        html.Close().Close();
    }

    private byte[] Still(int head)
    {
        var n = Tokens.Count;
        var weights = Pooled.Shrink(Pattern.Slice(head * n * n, n * n).Span, n, 112);
        var high = Math.Max(Numbers.Range(weights.Values.Span).High, 1e-9);
        return Png.Encode(weights, value =>
            float.IsFinite(value) ? ColorScale.Sequential.At(value / high).Light : null);
    }
}
