using Interp.Circuits.Graphs;

namespace Interp.Circuits.Tests.Graphs;

public sealed class CircuitGraphTests
{
    private static readonly CircuitShape Small = new(3, 2, 8);

    [Fact]
    public void Gpt2_small_has_the_numbers_that_the_circuit_tools_count()
    {
        var shape = new CircuitShape(12, 12, 768);
        Assert.Equal((157, 445, 32_491), (shape.SourceCount, shape.ReceiverCount, shape.EdgeCount));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Every_edge_goes_from_what_has_written_to_what_reads_later(bool parallel, bool attentionOnly)
    {
        var shape = Small with { ParallelAttnMlp = parallel, AttnOnly = attentionOnly };
        var graph = CircuitGraph.Full(shape);
        Assert.Equal(shape.EdgeCount, graph.Edges.Count());
        var expected = new HashSet<string>();
        List<string> written = ["input"];
        for (var layer = 0; layer < 3; layer++)
        {
            string[] heads = [.. Enumerable.Range(0, 2).Select(head => $"a{layer}.h{head}")];
            expected.UnionWith(from w in written from h in heads from letter in "qkv" select $"{w}->{h}<{letter}>");
            if (!parallel) written.AddRange(heads);
            if (!attentionOnly) expected.UnionWith(written.Select(w => $"{w}->m{layer}"));
            if (parallel) written.AddRange(heads);
            if (!attentionOnly) written.Add($"m{layer}");
        }
        expected.UnionWith(written.Select(w => $"{w}->logits"));
        Assert.Equal(expected.Order(), graph.Edges.Select(edge => edge.Name).Order());
        Assert.All(graph.Edges, edge => Assert.Equal(edge, graph[edge.Name]));
        Assert.Equal([.. written, "logits"], graph.Nodes.Select(node => node.ToString()));
    }

    [Theory]
    [InlineData("a0.h0->a0.h1<q>")]
    [InlineData("m0->m0")]
    [InlineData("a0.h1->a1.h0")]
    [InlineData("a0.h1->m0<q>")]
    [InlineData("logits->m0")]
    [InlineData("m1->input")]
    [InlineData("a0.h2->logits")]
    [InlineData("a00.h1->logits")]
    [InlineData("a0.h-1->logits")]
    [InlineData("m3->logits")]
    [InlineData("input")]
    [InlineData("->")]
    public void Names_of_no_edge_are_an_error_that_shows_names(string name) =>
        Assert.Contains("input->a0.h1<q>", Assert.Throws<ArgumentException>(() => CircuitGraph.Full(Small)[name])
            .Message);

    [Fact]
    public void The_top_edges_are_those_of_the_largest_scores()
    {
        var graph = Scored();
        var byHand = graph.Edges.OrderByDescending(edge => Math.Abs(edge.Score)).Take(7).Select(edge => edge.Name)
            .Order();
        Assert.Equal(byHand, graph.TopEdges(7).Circuit.Select(edge => edge.Name).Order());
        var signed = graph.Edges.OrderByDescending(edge => edge.Score).Take(7).Select(edge => edge.Name).Order();
        Assert.Equal(signed, graph.TopEdges(7, absolute: false).Circuit.Select(edge => edge.Name).Order());
        Assert.Equal(graph.Scores.Count(score => Math.Abs(score) >= 0.5), graph.AtLeast(0.5).CircuitSize);
        Assert.Equal(graph.Scores.Count(score => score >= 0.5), graph.AtLeast(0.5, absolute: false).CircuitSize);
        Assert.Equal((0, graph.Scores.Count),
            (graph.TopEdges(0).CircuitSize, graph.TopEdges(graph.Scores.Count).CircuitSize));
        Assert.Contains($"has {graph.Scores.Count}", Assert.Throws<ArgumentOutOfRangeException>(
            () => graph.TopEdges(graph.Scores.Count + 1)).Message);
    }

    [Fact]
    public void Greedy_edges_always_lead_to_the_logits()
    {
        var graph = Scored();
        for (var count = 1; count < 40; count += 6)
        {
            var greedy = graph.GreedyEdges(count);
            Assert.Equal(count, greedy.CircuitSize);
            // Grown by hand: the best edge into a node that is reached, again and again.
            var (names, reached) = (new HashSet<string>(), new HashSet<CircuitNode> { CircuitNode.Logits });
            for (var k = 0; k < count; k++)
            {
                var best = graph.Edges.Where(edge => reached.Contains(edge.Receiver.Node) && !names.Contains(edge.Name))
                    .MaxBy(edge => Math.Abs(edge.Score));
                names.Add(best.Name);
                reached.Add(best.Source);
            }
            Assert.Equal(names.Order(), greedy.Circuit.Select(edge => edge.Name).Order());
        }
    }

    [Fact]
    public void Pruning_leaves_what_lies_on_a_path_from_the_input_to_the_logits()
    {
        var graph = CircuitGraph.Full(Small)
            .WithCircuit("input->a0.h0<v>", "a0.h0->m1", "m1->logits", "input->a1.h0<q>",
            "a0.h1->logits", "m0->a2.h0<k>", "a2.h0->logits");
        Assert.Equal(["input->a0.h0<v>", "a0.h0->m1", "m1->logits"], graph.Prune().Circuit.Select(edge => edge.Name));
        Assert.Equal(["a0.h0", "input", "logits", "m1"], graph.Prune().CircuitNodes.Select(node => node.ToString())
            .Order());
        Assert.Equal(graph.Scores.Count, graph.WithAll().Prune().CircuitSize);
        for (var count = 5; count < 80; count += 5)
            Assert.Equal(RemovedOneByOne(Scored().TopEdges(count)), Scored().TopEdges(count).Prune()
                .Circuit.Select(edge => edge.Name).Order());
    }

    [Fact]
    public void The_top_nodes_bring_all_edges_between_them()
    {
        var graph = CircuitGraph.Full(Small);
        var scores = new double[graph.Shape.SourceCount];
        scores[0] = double.NaN;
        scores[graph.Shape.IndexOf(CircuitNode.AttentionHead(0, 1))] = -3;
        scores[graph.Shape.IndexOf(CircuitNode.Mlp(2))] = 2;
        var circuit = graph.WithNodeScores(scores).TopNodes(2);
        Assert.Equal(
            ["a0.h1->logits", "a0.h1->m2", "input->a0.h1<k>", "input->a0.h1<q>", "input->a0.h1<v>", "input->logits",
            "input->m2", "m2->logits"], circuit.Circuit.Select(edge => edge.Name).Order());
        Assert.Equal(["input->logits", "input->m2", "m2->logits"],
            graph.WithNodeScores(scores).TopNodes(1, absolute: false).Circuit.Select(edge => edge.Name).Order());
        Assert.Contains("no scores of nodes", Assert.Throws<InvalidOperationException>(() => graph.TopNodes(1))
            .Message);
    }

    [Fact]
    public void Choosing_leaves_the_graph_as_it_was()
    {
        var graph = Scored();
        graph.TopEdges(3);
        Assert.Equal(graph.Scores.Count, graph.CircuitSize);
        Assert.Equal(graph.Scores.Count - 3, graph.TopEdges(3).Complement().CircuitSize);
        Assert.Contains("values for", Assert.Throws<ArgumentException>(() => graph.WithScores([1.0])).Message);
        Assert.Contains("finite",
            Assert.Throws<ArgumentException>(() => graph.WithScores(graph.Scores.Select(_ => double.NaN))).Message);
    }

    internal static CircuitGraph Scored()
    {
        var random = new Random(3);
        var graph = CircuitGraph.Full(Small);
        return graph.WithScores(graph.Scores.Select(_ => 2 * random.NextDouble() - 1));
    }

    /// <summary>Nodes without an edge in or out go, and their edges, until nothing changes.</summary>
    private static IEnumerable<string> RemovedOneByOne(CircuitGraph graph)
    {
        var edges = graph.Circuit.ToList();
        int before;
        do
        {
            before = edges.Count;
            edges = [.. edges.Where(edge =>
                (edge.Source.Kind == NodeKind.Input || edges.Exists(other => other.Receiver.Node == edge.Source)) &&
                (edge.Receiver.Node.Kind == NodeKind.Logits ||
                    edges.Exists(other => other.Source == edge.Receiver.Node)))];
        }
        while (edges.Count < before);
        return edges.Select(edge => edge.Name).Order();
    }
}
