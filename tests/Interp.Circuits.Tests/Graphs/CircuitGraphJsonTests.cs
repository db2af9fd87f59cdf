using System.Text;
using System.Text.Json;
using Interp.Circuits.Graphs;

namespace Interp.Circuits.Tests.Graphs;

/// <summary>The circuit tools' JSON, written and read.</summary>
public sealed class CircuitGraphJsonTests
{
    /// <summary>A file as Python's json.dump writes it for one layer with one head, with scores of some
    /// nodes.</summary>
    private const string Peer = """
        {"cfg": {"n_layers": 1, "n_heads": 1, "parallel_attn_mlp": false, "d_model": 4},
        "nodes": {"input": {"in_graph": true, "score": NaN}, "a0.h0": {"in_graph": true, "score": -0.5},
        "m0": {"in_graph": false, "score": 1e-3}, "logits": {"in_graph": true}},
        "edges": {"input->a0.h0<q>": {"score": 0.25, "in_graph": false},
            "input->a0.h0<k>": {"score": 0.0, "in_graph": false},
        "input->a0.h0<v>": {"score": -1.5, "in_graph": true}, "input->m0": {"score": 0.125, "in_graph": false},
        "a0.h0->m0": {"score": 0.0625, "in_graph": false}, "input->logits": {"score": 2.0, "in_graph": true},
        "a0.h0->logits": {"score": 3.0, "in_graph": true}, "m0->logits": {"score": 4.0, "in_graph": false}}}
        """;

    [Fact]
    public void A_file_of_the_circuit_tools_is_read()
    {
        var graph = Read(Peer);
        Assert.Equal(new CircuitShape(1, 1, 4), graph.Shape);
        Assert.Equal(["input->a0.h0<v>", "input->logits", "a0.h0->logits"], graph.Circuit.Select(edge => edge.Name));
        Assert.Equal([0.25, 0, -1.5, 0.125, 0.0625, 2, 3, 4], graph.Edges.Select(edge => edge.Score));
        Assert.Equal([double.NaN, -0.5, 0.001], graph.NodeScores!);
    }

    [Fact]
    public void What_is_written_has_the_tools_keys()
    {
        using var json = JsonDocument.Parse(Write(Read(Peer)));
        var root = json.RootElement;
        Assert.Equal(["cfg", "nodes", "edges"], root.EnumerateObject().Select(part => part.Name));
        Assert.Equal("""{"n_layers":1,"n_heads":1,"parallel_attn_mlp":false,"d_model":4}""", root.GetProperty("cfg").GetRawText());
        Assert.Equal("""{"in_graph":true,"score":-0.5}""", root.GetProperty("nodes").GetProperty("a0.h0").GetRawText());
        Assert.Equal("""{"in_graph":true}""", root.GetProperty("nodes").GetProperty("logits").GetRawText());
        Assert.Equal("""{"score":-1.5,"in_graph":true}""", root.GetProperty("edges").GetProperty("input->a0.h0<v>").GetRawText());
        Assert.Equal(8, root.GetProperty("edges").EnumerateObject().Count());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void What_is_written_reads_back(bool parallel, bool attentionOnly)
    {
        var full = CircuitGraph.Full(new CircuitShape(2, 3, 12, parallel, attentionOnly));
        var random = new Random(4);
        var graph = full.WithScores(full.Scores.Select(_ => random.NextDouble() - 0.5)).TopEdges(20)
            .WithNodeScores(Enumerable.Range(0, full.Shape.SourceCount).Select(k => k % 3 == 0 ? double.NaN : k / 7.0));
        var file = Path.GetTempFileName();
        try
        {
            graph.Save(file);
            var back = CircuitGraph.Load(file);
            Assert.Equal(graph.Shape, back.Shape);
            Assert.Equal(graph.Edges, back.Edges);
            Assert.Equal(graph.NodeScores, back.NodeScores);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("[1]", "expected an object")]
    [InlineData("{}", "cfg: missing")]
    [InlineData("""{"cfg": {"n_layers": 1.5, "n_heads": 1, "d_model": 4, "parallel_attn_mlp": false}, "nodes": {}, "edges": {}}""", "'n_layers'")]
    [InlineData("""{"cfg": {"n_layers": 9999, "n_heads": 9999, "d_model": 4, "parallel_attn_mlp": false}, "nodes": {}, "edges": {}}""", "make no graph")]
    [InlineData("""{"cfg": {"n_layers": 1, "n_heads": 1, "d_model": 4}, "nodes": {}, "edges": {}}""", "'parallel_attn_mlp' must be")]
    [InlineData("""{"cfg": C, "nodes": {"a1.h0": {"in_graph": true}}, "edges": {}}""", "node 'a1.h0': no such node")]
    [InlineData("""{"cfg": C, "nodes": {"m0": {}}, "edges": {}}""", "node 'm0': 'in_graph'")]
    [InlineData("""{"cfg": C, "nodes": {"m0": {"in_graph": true, "neurons": [true]}}, "edges": {}}""", "single neurons")]
    [InlineData("""{"cfg": C, "nodes": {"m0": {"in_graph": true, "score": "1"}}, "edges": {}}""", "no finite number")]
    [InlineData("""{"cfg": C, "nodes": {}, "edges": {"m0->a0.h0<q>": {"score": 1, "in_graph": true}}}""", "no such edge")]
    [InlineData("""{"cfg": C, "nodes": {}, "edges": {"m0->logits": 3}}""", "edge 'm0->logits': expected an object")]
    [InlineData("""{"cfg": C, "nodes": {}, "edges": {"m0->logits": {"in_graph": true}}}""", "it has no score")]
    [InlineData("""{"cfg": C, "nodes": {}, "edges": {"m0->logits": {"score": 1e999, "in_graph": true}}}""", "no finite number")]
    [InlineData("""{"cfg": C, "nodes": {}, "edges": {"m0->logits": {"score": 1}}}""", "'in_graph' must be")]
    [InlineData("""{"cfg": C, "nodes": {}, "edges": {"m0->logits": {"score": 1, "in_graph": true}, "m0->logits": {"score": 1, "in_graph": true}}}""", "there twice")]
    public void Anything_else_is_one_error_that_names_the_place(string text, string expected)
    {
        text = text.Replace(": C,", """: {"n_layers": 1, "n_heads": 1, "d_model": 4, "parallel_attn_mlp": false},""");
        var error = Assert.Throws<InvalidDataException>(() => Read(text));
        Assert.Contains(expected, error.Message);
        Assert.StartsWith("sample.json", error.Message);
    }

    private static CircuitGraph Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return CircuitGraph.Read(stream, "sample.json");
    }

    private static byte[] Write(CircuitGraph graph)
    {
        using var stream = new MemoryStream();
        graph.Write(stream);
        return stream.ToArray();
    }
}
