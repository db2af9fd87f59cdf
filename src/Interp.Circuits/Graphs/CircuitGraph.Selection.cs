namespace Interp.Circuits.Graphs;

// Choosing a circuit by the scores.
public sealed partial class CircuitGraph
{
    /// <summary>Every edge in the circuit.</summary>
    public CircuitGraph WithAll() => WithCircuit(Enumerable.Repeat(true, scores.Length));

    /// <summary>No edge in the circuit.</summary>
    public CircuitGraph WithNone() => WithCircuit(new bool[scores.Length]);

    /// <summary>The edges that are not in the circuit in place of those that are.</summary>
    public CircuitGraph Complement() => WithCircuit(included.Select(inside => !inside));

    /// <summary>The edges with the highest scores.</summary>
    /// <param name="count">How many; of equal scores those of earlier receivers come first.</param>
    /// <param name="absolute">By the size of the score, whatever its sign; <value>true</value>.</param>
    public CircuitGraph TopEdges(int count, bool absolute = true)
    {
        CheckCount(count, scores.Length, "edges");
        var chosen = new bool[scores.Length];
        foreach (var edge in Enumerable.Range(0, scores.Length).OrderByDescending(Order(scores, absolute)).Take(count))
            chosen[edge] = true;
        return WithCircuit(chosen);
    }

    /// <summary>The edges with at least a score.</summary>
    /// <param name="threshold">The least score that belongs to the circuit.</param>
    /// <param name="absolute">By the size of the score, whatever its sign; <value>true</value>.</param>
    public CircuitGraph AtLeast(double threshold, bool absolute = true) =>
        WithCircuit(Enumerable.Range(0, scores.Length).Select(Order(scores, absolute))
            .Select(score => score >= threshold));

    /// <summary>
    /// Grows a circuit from the logits: always the highest score among the edges into a node that is already in it, so
    /// that no edge leads nowhere (the greedy choice of Hanna et al. 2024).
    /// </summary>
    /// <param name="count">How many edges.</param>
    /// <param name="absolute">By the size of the score, whatever its sign; <value>true</value>.</param>
    public CircuitGraph GreedyEdges(int count, bool absolute = true)
    {
        CheckCount(count, scores.Length, "edges");
        var (chosen, reached) = (new bool[scores.Length], new bool[Shape.SourceCount]);
        var order = Order(scores, absolute);
        var candidates = new PriorityQueue<int, (double, int)>();
        void AddEdgesInto(int receiver)
        {
            var (first, edges) = EdgesInto(receiver);
            for (var edge = first; edge < first + edges; edge++) candidates.Enqueue(edge, (-order(edge), edge));
        }
        AddEdgesInto(Shape.ReceiverCount - 1);
        while (count > 0 && candidates.TryDequeue(out var edge, out _))
        {
            chosen[edge] = true;
            count--;
            var source = SourceOf(edge);
            if (reached[source]) continue;
            reached[source] = true;
            foreach (var receiver in ReceiversOf(source)) AddEdgesInto(receiver);
        }
        return WithCircuit(chosen);
    }

    /// <summary>The nodes with the highest scores, and all edges between them; nodes without a score belong to it
    /// too.</summary>
    /// <param name="count">How many of the nodes that have a score.</param>
    /// <param name="absolute">By the size of the score, whatever its sign; <value>true</value>.</param>
    /// <exception cref="InvalidOperationException">The graph has no node scores.</exception>
    public CircuitGraph TopNodes(int count, bool absolute = true)
    {
        if (nodeScores is null)
            throw new InvalidOperationException("the graph has no scores of nodes; choose edges, or score nodes first");
        var scored = Enumerable.Range(0, nodeScores.Length).Where(node => !double.IsNaN(nodeScores[node])).ToArray();
        CheckCount(count, scored.Length, "nodes with a score");
        var inside = nodeScores.Select(double.IsNaN).ToArray();
        foreach (var node in scored.OrderByDescending(Order(nodeScores, absolute)).Take(count)) inside[node] = true;
        return WithCircuit(Between(inside));
    }

    /// <summary>
    /// Without edges that lead nowhere: what stays lies on a path from the input to the logits inside the circuit.
    /// </summary>
    public CircuitGraph Prune()
    {
        var (fromInput, toLogits) = (new bool[Shape.SourceCount], new bool[Shape.SourceCount]);
        fromInput[0] = true;
        for (var source = 1; source < Shape.SourceCount; source++)
            fromInput[source] = ReceiversOf(source).SelectMany(SourcesOf).Any(from => fromInput[from]);
        foreach (var from in SourcesOf(Shape.ReceiverCount - 1)) toLogits[from] = true;
        for (var source = Shape.SourceCount - 1; source > 0; source--)
            if (toLogits[source])
                foreach (var from in ReceiversOf(source).SelectMany(SourcesOf)) toLogits[from] = true;
        var kept = Between([.. fromInput.Zip(toLogits, (from, to) => from && to)]);
        return WithCircuit(included.Zip(kept, (inside, keep) => inside && keep));
    }

    /// <summary>The receivers of a source's own component: three inputs of a head, one of an MLP, none of the
    /// input.</summary>
    internal IEnumerable<int> ReceiversOf(int source)
    {
        if (source == 0) yield break;
        var (layer, at) = Math.DivRem(source - 1, Shape.SourcesPerLayer);
        var first = layer * Shape.ReceiversPerLayer;
        if (at == Shape.NHeads) yield return first + 3 * Shape.NHeads;
        else for (var input = 0; input < 3; input++) yield return first + input * Shape.NHeads + at;
    }

    /// <summary>The sources of the circuit's edges into a receiver.</summary>
    private IEnumerable<int> SourcesOf(int receiver)
    {
        var (first, count) = EdgesInto(receiver);
        return Enumerable.Range(0, count).Where(source => included[first + source]);
    }

    /// <summary>The edges between nodes of a set and from it to the logits.</summary>
    private bool[] Between(bool[] nodes)
    {
        var edges = new bool[scores.Length];
        for (var receiver = 0; receiver < Shape.ReceiverCount; receiver++)
        {
            var node = Shape.Receiver(receiver).Node;
            if (node.Kind != NodeKind.Logits && !nodes[Shape.IndexOf(node)]) continue;
            var (first, count) = EdgesInto(receiver);
            for (var source = 0; source < count; source++) edges[first + source] = nodes[source];
        }
        return edges;
    }

    private static Func<int, double> Order(double[] values, bool absolute) =>
        absolute ? index => Math.Abs(values[index]) : index => values[index];

    private static void CheckCount(int count, int available, string what)
    {
        if (count < 0 || count > available)
            throw new ArgumentOutOfRangeException(nameof(count), $"{count} {what}: the graph has {available}");
    }
}
