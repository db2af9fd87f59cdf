using System.Text.Json;

namespace Interp.Circuits.Graphs;

/// <summary>Reads the circuit tools' JSON and checks it: sizes first, then every name and number.</summary>
internal sealed class CircuitGraphReader
{
    private readonly string file;
    private readonly JsonElement root;

    private CircuitGraphReader(string file, JsonElement root) => (this.file, this.root) = (file, root);

    internal static CircuitGraph Read(Stream stream, string file)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.GetBuffer().AsMemory(0, (int)memory.Length);
        NullForNan(bytes.Span);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return new CircuitGraphReader(file, document.RootElement).Graph();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file} is not JSON: {e.Message}", e);
        }
    }

    private CircuitGraph Graph()
    {
        if (root.ValueKind != JsonValueKind.Object) throw Bad("the file",
            "expected an object with cfg, nodes and edges");
        var graph = CircuitGraph.Full(Shape(Part("cfg")));
        var scores = NodeScores(Part("nodes"), graph.Shape);
        return Edges(Part("edges"), graph).WithNodeScores(scores);
    }

    private CircuitShape Shape(JsonElement cfg)
    {
        var shape = new CircuitShape(Size(cfg, "n_layers"), Size(cfg, "n_heads"), Size(cfg, "d_model"),
            Flag(cfg, "parallel_attn_mlp", "cfg"), cfg.TryGetProperty("attn_only", out _) &&
                Flag(cfg, "attn_only", "cfg"));
        return shape.IsValid ? shape : throw Bad("cfg", $"sizes that make no graph: {shape}");
    }

    private CircuitGraph Edges(JsonElement edges, CircuitGraph graph)
    {
        var (scores, inside, seen) =
            (new double[graph.Scores.Count], new bool[graph.Scores.Count], new bool[graph.Scores.Count]);
        foreach (var edge in edges.EnumerateObject())
        {
            var place = $"edge '{edge.Name}'";
            var index = graph.IndexOf(edge.Name);
            if (index < 0)
                throw Bad(place, $"no such edge in {graph.Shape.NLayers} layers with {graph.Shape.NHeads} heads");
            if (seen[index]) throw Bad(place, "there twice");
            seen[index] = true;
            if (edge.Value.ValueKind != JsonValueKind.Object) throw Bad(place,
                "expected an object with score and in_graph");
            scores[index] = Number(edge.Value, place) ?? throw Bad(place, "it has no score");
            inside[index] = Flag(edge.Value, "in_graph", place);
        }
        return graph.WithScores(scores).WithCircuit(inside);
    }

    /// <summary>Scores only: which nodes belong to a circuit follows from its edges.</summary>
    private double[]? NodeScores(JsonElement nodes, CircuitShape shape)
    {
        var scores = new double[shape.SourceCount];
        Array.Fill(scores, double.NaN);
        foreach (var node in nodes.EnumerateObject())
        {
            var place = $"node '{node.Name}'";
            if (!CircuitNode.TryParse(node.Name, out var parsed) ||
                (parsed.Kind != NodeKind.Logits && shape.IndexOf(parsed) < 0))
                throw Bad(place, $"no such node in {shape.NLayers} layers with {shape.NHeads} heads");
            if (node.Value.ValueKind is JsonValueKind.True or JsonValueKind.False) continue;
            Flag(node.Value, "in_graph", place);
            if (node.Value.TryGetProperty("neurons", out _))
                throw Bad(place, "a circuit of single neurons; only circuits of whole edges and nodes can be read");
            if (parsed.Kind != NodeKind.Logits &&
                Number(node.Value, place) is { } score) scores[shape.IndexOf(parsed)] = score;
        }
        return Array.TrueForAll(scores, double.IsNaN) ? null : scores;
    }

    private JsonElement Part(string name) =>
        root.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object
            ? part
            : throw Bad(name, "missing; expected an object with cfg, nodes and edges");

    private int Size(JsonElement cfg, string name) =>
        cfg.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number &&
            value.TryGetInt32(out var size)
            ? size
            : throw Bad("cfg", $"'{name}' is missing or no whole number");

    private bool Flag(JsonElement of, string name, string place) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) &&
        value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Bad(place, $"'{name}' must be true or false");

    private double? Number(JsonElement of, string place)
    {
        if (!of.TryGetProperty("score", out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Bad(place, "its score is no finite number");
    }

    private InvalidDataException Bad(string place, string what) => new($"{file}: {place}: {what}");

    /// <summary>Python writes NaN for the score of a node without one, which is no JSON: it becomes null.</summary>
    private static void NullForNan(Span<byte> json)
    {
        var inText = false;
        for (var i = 0; i + 4 <= json.Length; i++)
        {
            if (inText && json[i] == '\\') i++;
            else if (json[i] == '"') inText = !inText;
            else if (!inText && json.Slice(i, 4).SequenceEqual(" NaN"u8)) "null"u8.CopyTo(json[i..]);
        }
    }
}
