using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>A page while it is written: its markup, its counters and its data.</summary>
internal sealed class Page
{
    private readonly JsonArray _figures = [];
    private readonly JsonArray _tables = [];
    private readonly JsonArray _tokens = [];
    private readonly JsonArray _attention = [];
    private readonly JsonArray _features = [];
    private int _figureCount;

    public MarkupWriter Html { get; } = new();

    public bool HasFigures => _figures.Count > 0;

    public bool HasFeatures => _features.Count > 0;

    public int NextFigure() => ++_figureCount;

    /// <summary>Adds a figure's data under the id of its element.</summary>
    public void AddFigure(string id, Figure figure)
    {
        var data = figure.ToPlotly();
        data.Insert(0, "id", id);
        data.Insert(1, "title", figure.Title);
        _figures.Add(data);
    }

    public string NextTable() => $"table-{_tables.Count + 1}";

    public void AddTable(JsonObject data) => _tables.Add(data);

    public string NextTokens() => $"tokens-{_tokens.Count + 1}";

    public void AddTokens(JsonObject data) => _tokens.Add(data);

    public string NextAttention() => $"attention-{_attention.Count + 1}";

    public void AddAttention(JsonObject data) => _attention.Add(data);

    public string NextFeatures() => $"features-{_features.Count + 1}";

    public void AddFeatures(JsonObject data) => _features.Add(data);

    /// <summary>Puts the blocks' data into the report's, leaving out kinds that the page has none of.</summary>
    public void AddDataTo(JsonObject report)
    {
        foreach (var (name, data) in new[]
                 {
                     ("figures", _figures), ("tables", _tables), ("tokens", _tokens), ("attention", _attention),
                     ("features", _features),
                 })
            if (data.Count > 0) report[name] = data;
    }
}
