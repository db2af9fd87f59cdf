using Interp.Circuits.Graphs;
using Interp.Models;
using Interp.Reports;

namespace Interp.Studies.Pages;

/// <summary>Scores of edges as a page: the strongest drawn as a graph, and a table of them.</summary>
public static class CircuitReport
{
    /// <summary>Makes the page.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The corrupted prompt's tokens.</param>
    /// <param name="graph">With a score for every edge.</param>
    /// <param name="count">How many edges are shown.</param>
    /// <param name="method">How they were scored.</param>
    /// <param name="command">The command line that makes the page again.</param>
    public static Report Create(
        HookedTransformer model, IReadOnlyList<string> tokens, CircuitGraph graph, int count, string method, string command)
    {
        var edges = graph.Circuit.OrderByDescending(edge => Math.Abs(edge.Score)).Take(count).ToArray();
        var top = 2 * model.Config.NLayers + 1;
        var nodes = edges.SelectMany(edge => new[] { edge.Source, edge.Receiver.Node }).Distinct()
            .OrderBy(node => Level(node, top)).ThenBy(node => node.Head)
            .Select(node => new GraphNode(node.ToString(), Level(node, top))).ToArray();
        var report = ModelReport.Create($"What carries the answer in {model.Config.ModelName}", command, model);
        report.Configuration["method"] = method;
        report.AddSection("Connections")
            .Add($"The {edges.Length} of {graph.Scores.Count} connections with the largest scores, from the tokens at "
                + "the bottom to the logits at the top. A score is the change of the logit difference when the "
                + $"connection carries the corrupted prompt's value. Tokens: {string.Join(" ", tokens)}.")
            .Add(new GraphFigure("The strongest connections", nodes, [.. edges.Select(edge => new GraphEdge(
                edge.Source.ToString(), edge.Receiver.Node.ToString(), edge.Score, Input(edge.Receiver)))]))
            .Add(Table(edges));
        return report;
    }

    /// <summary>Heads of a layer stand below its MLP.</summary>
    private static int Level(CircuitNode node, int top) => node.Kind switch
    {
        NodeKind.Input => 0,
        NodeKind.Head => 2 * node.Layer + 1,
        NodeKind.Mlp => 2 * node.Layer + 2,
        _ => top,
    };

    private static string Input(CircuitReceiver receiver) => receiver.Input switch
    {
        HeadInput.Query => "query",
        HeadInput.Key => "key",
        HeadInput.Value => "value",
        _ => "",
    };

    private static ReportTable Table(CircuitEdge[] edges)
    {
        var table = new ReportTable("Scores", ["edge", "change when corrupted"]);
        foreach (var edge in edges) table.AddRow([edge.Name, edge.Score]);
        return table;
    }
}
