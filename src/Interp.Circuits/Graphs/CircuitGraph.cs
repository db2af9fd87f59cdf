using Interp.Models;

namespace Interp.Circuits.Graphs;

/// <summary>A model's components as nodes, what each says to each as edges, their scores, and which make a
/// circuit.</summary>
/// <remarks>
/// Problem: exact patching, attribution and search all answer "which connections matter?", each in a form of its own.
/// Idea: one graph for all of them, in the disentangled view of the residual stream (Elhage et al. 2021): every
/// component reads the sum of what the components before it wrote, so every pair is an edge.
/// <code>
/// var graph = EdgeAttribution.Run(model, clean, PatchSource.Run(corrupted), metric);   // a score for every edge
/// var circuit = graph.TopEdges(200).Prune();
/// foreach (var edge in circuit.Circuit) Console.WriteLine($"{edge.Name}: {edge.Score:0.000}");
/// circuit.Save("circuit.json");
/// </code>
/// A graph does not change: choosing edges gives another graph with the same scores. The JSON is that of the EAP-IG and
/// MIB circuit tools (Hanna et al. 2024, arXiv 2403.17806; Mueller et al. 2025, arXiv 2504.13151).
/// </remarks>
public sealed partial class CircuitGraph
{
    private readonly int[] firstEdges;
    private readonly double[] scores;
    private readonly bool[] included;
    private readonly double[]? nodeScores;

    private CircuitGraph(CircuitShape shape, double[] scores, bool[] included, double[]? nodeScores, int[] firstEdges)
    {
        (Shape, this.scores, this.included, this.nodeScores) = (shape, scores, included, nodeScores);
        this.firstEdges = firstEdges;
    }

    /// <summary>The sizes of the model.</summary>
    public CircuitShape Shape { get; }

    /// <summary>Scores of the edges by <see cref="CircuitEdge.Index"/>.</summary>
    public IReadOnlyList<double> Scores => scores;

    /// <summary>Scores of the sources in the shape's order, NaN for nodes without; null where no node has
    /// one.</summary>
    public IReadOnlyList<double>? NodeScores => nodeScores;

    /// <summary>The number of edges in the circuit.</summary>
    public int CircuitSize => included.Count(inside => inside);

    /// <summary>Every edge, by receiver, then by source.</summary>
    public IEnumerable<CircuitEdge> Edges => Enumerable.Range(0, scores.Length).Select(EdgeAt);

    /// <summary>The edges of the circuit.</summary>
    public IEnumerable<CircuitEdge> Circuit => Edges.Where(edge => edge.InCircuit);

    /// <summary>Every node, the logits last.</summary>
    public IEnumerable<CircuitNode> Nodes =>
        Enumerable.Range(0, Shape.SourceCount).Select(Shape.Source).Append(CircuitNode.Logits);

    /// <summary>The nodes that an edge of the circuit begins or ends in, and the logits.</summary>
    public IReadOnlySet<CircuitNode> CircuitNodes =>
        Circuit.SelectMany(edge => new[] { edge.Source, edge.Receiver.Node }).Append(CircuitNode.Logits).ToHashSet();

    /// <summary>An edge by its name, for example <c>a0.h1-&gt;a2.h3&lt;q&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The graph has no such edge; the message says what names look
    /// like.</exception>
    public CircuitEdge this[string name] => IndexOf(name) is var index and >= 0
        ? EdgeAt(index)
        : throw new ArgumentException(
            $"no edge '{name}' in a graph of {Shape.NLayers} layers with {Shape.NHeads} heads; " +
            "edges go from an earlier to a later node, as input->a0.h1<q>, a0.h1->m0 or m0->logits");

    /// <summary>The graph of a model, without scores, every edge in the circuit.</summary>
    public static CircuitGraph Of(HookedTransformer model) => Full(CircuitShape.Of(model.Config));

    /// <summary>A graph without scores, every edge in the circuit.</summary>
    /// <exception cref="ArgumentException">The sizes make no graph.</exception>
    public static CircuitGraph Full(CircuitShape shape)
    {
        if (!shape.IsValid)
            throw new ArgumentException($"{shape}: the sizes must be positive, with at most 100 million edges");
        var first = new int[shape.ReceiverCount + 1];
        for (var receiver = 0; receiver < shape.ReceiverCount; receiver++)
            first[receiver + 1] = first[receiver] + shape.SourcesBefore(receiver);
        var all = new bool[first[^1]];
        Array.Fill(all, true);
        return new CircuitGraph(shape, new double[first[^1]], all, null, first);
    }

    /// <summary>The same graph with other scores.</summary>
    /// <param name="values">One number an edge, by <see cref="CircuitEdge.Index"/>.</param>
    public CircuitGraph WithScores(IEnumerable<double> values)
    {
        double[] given = [.. values];
        CheckLength(given.Length);
        if (Array.FindIndex(given, value => !double.IsFinite(value)) is >= 0 and var bad)
            throw new ArgumentException($"the score of {EdgeAt(bad).Name} is {given[bad]}; scores are finite numbers");
        return new CircuitGraph(Shape, given, included, nodeScores, firstEdges);
    }

    /// <summary>The same graph with scores of nodes.</summary>
    /// <param name="values">One number a source in the shape's order, NaN for none; null for no node scores.</param>
    public CircuitGraph WithNodeScores(IEnumerable<double>? values)
    {
        double[]? given = values is null ? null : [.. values];
        if (given is not null && given.Length != Shape.SourceCount)
            throw new ArgumentException($"{given.Length} node scores for {Shape.SourceCount} sources");
        return new CircuitGraph(Shape, scores, included, given, firstEdges);
    }

    /// <summary>The same graph with another circuit.</summary>
    /// <param name="circuit">Whether each edge belongs to it, by <see cref="CircuitEdge.Index"/>.</param>
    public CircuitGraph WithCircuit(IEnumerable<bool> circuit)
    {
        bool[] given = [.. circuit];
        CheckLength(given.Length);
        return new CircuitGraph(Shape, scores, given, nodeScores, firstEdges);
    }

    /// <summary>The same graph with the edges of these names as its circuit.</summary>
    public CircuitGraph WithCircuit(params string[] edges)
    {
        var wanted = new bool[scores.Length];
        foreach (var name in edges) wanted[this[name].Index] = true;
        return WithCircuit(wanted);
    }

    internal bool[] Included => included;

    /// <summary>The edges into a receiver: the first and how many; one from every source from 0 on.</summary>
    internal (int First, int Count) EdgesInto(int receiver) =>
        (firstEdges[receiver], firstEdges[receiver + 1] - firstEdges[receiver]);

    /// <summary>The receiver that an edge ends in.</summary>
    internal int ReceiverOf(int edge)
    {
        var found = Array.BinarySearch(firstEdges, edge);
        return found >= 0 ? found : ~found - 1;
    }

    internal int SourceOf(int edge) => edge - firstEdges[ReceiverOf(edge)];

    internal int IndexOf(ReadOnlySpan<char> name)
    {
        var arrow = name.IndexOf("->");
        if (arrow < 0 || !CircuitNode.TryParse(name[..arrow], out var node) ||
            !CircuitReceiver.TryParse(name[(arrow + 2)..], out var end)) return -1;
        var (source, receiver) = (Shape.IndexOf(node), Shape.IndexOf(end));
        return source < 0 || receiver < 0 ||
            source >= Shape.SourcesBefore(receiver) ? -1 : firstEdges[receiver] + source;
    }

    private CircuitEdge EdgeAt(int index)
    {
        var receiver = ReceiverOf(index);
        return new CircuitEdge(
            index, Shape.Source(index - firstEdges[receiver]), Shape.Receiver(receiver), scores[index],
                included[index]);
    }

    private void CheckLength(int length)
    {
        if (length != scores.Length)
            throw new ArgumentException($"{length} values for {scores.Length} edges; give one an edge");
    }
}
