using System.Globalization;
using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>Nodes on levels and weighted edges between them, from the bottom to the top: circuits.</summary>
/// <remarks>
/// <code>
/// var figure = new GraphFigure("Circuit", [new("input", 0), new("a0.h3", 1), new("logits", 2)],
///     [new("input", "a0.h3", 0.8), new("a0.h3", "logits", -0.2)]);
/// </code>
/// </remarks>
public sealed class GraphFigure : Figure
{
    /// <summary>The most edges that are drawn: the ones of largest magnitude.</summary>
    public const int MostEdges = 400;

    private readonly Dictionary<string, GraphNode> _byId = [];
    private readonly int _edges;

    /// <param name="title">One line that says what is shown.</param>
    /// <param name="nodes">Different ids; on a level from left to right in this order.</param>
    /// <param name="edges">Between nodes of the list.</param>
    /// <exception cref="ArgumentException">There are no nodes, two have one id, or an edge names none or does not
    /// rise.</exception>
    public GraphFigure(string title, IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphEdge> edges)
        : base(title)
    {
        if (nodes.Count == 0) throw new ArgumentException($"the graph '{title}' has no nodes");
        foreach (var node in nodes)
            if (!_byId.TryAdd(node.Id,
                node)) throw new ArgumentException($"the graph '{title}' has two nodes '{node.Id}'");
        foreach (var edge in edges) Check(edge);
        Nodes = nodes;
        _edges = edges.Count;
        Edges = [.. edges.OrderByDescending(edge => Math.Abs(edge.Weight)).Take(MostEdges).Reverse()];
        Largest = Edges.Count == 0 ? 1 : Math.Max(Edges.Max(edge => Math.Abs(edge.Weight)), double.Epsilon);
    }

    /// <summary>The nodes.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>The edges that are drawn, the weakest first so that the strongest lie on top.</summary>
    public IReadOnlyList<GraphEdge> Edges { get; }

    /// <inheritdoc/>
    public override string Note => _edges > Edges.Count
        ? string.Create(CultureInfo.InvariantCulture,
            $"{_edges - Edges.Count:N0} of {_edges:N0} edges are not drawn: the weakest.")
        : "";

    internal double Largest { get; }

    /// <inheritdoc/>
    public override JsonObject ToPlotly() => GraphPlotly.Build(this);

    internal override string Draw(SvgCanvas canvas) => GraphSvg.Draw(this, canvas);

    /// <summary>What an edge says under the pointer.</summary>
    internal static string EdgeText(GraphEdge edge) =>
        $"{edge.From} → {edge.To}{(edge.Label.Length > 0 ? $" {edge.Label}" : "")}: {Numbers.Format(edge.Weight, "0.####")}";

    /// <summary>Where a node stands: 0 to 1 from the left, and its level.</summary>
    internal (double X, double Y) Place(string id)
    {
        var level = _byId[id].Level;
        var row = Nodes.Where(node => node.Level == level).ToList();
        // Levels of one node stand a little apart from each other, so that an edge past a level is not hidden by it.
        var shift = row.Count == 1 ? 0.16 * (Nodes.Select(node => node.Level).Distinct().Count(other => other < level) % 3 - 1) : 0;
        return ((row.FindIndex(node => node.Id == id) + 0.5) / row.Count + shift, level);
    }

    private protected override string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"Graph: {Title}. {Nodes.Count} nodes, {_edges} edges. Strongest: ")
        + string.Join("; ", Edges.Reverse().Take(5).Select(EdgeText)) + ".";

    private void Check(GraphEdge edge)
    {
        foreach (var id in new[] { edge.From, edge.To })
            if (!_byId.ContainsKey(id)) throw new ArgumentException($"the graph '{Title}' has an edge of '{id}', but no such node");
        if (_byId[edge.From].Level >= _byId[edge.To].Level)
            throw new ArgumentException(
                $"the edge {edge.From} → {edge.To} of '{Title}' goes from level {_byId[edge.From].Level} to {_byId[edge.To].Level}; edges rise");
        if (!double.IsFinite(edge.Weight)) throw new ArgumentException($"the edge {edge.From} → {edge.To} of '{Title}' has the weight {edge.Weight}");
    }
}
