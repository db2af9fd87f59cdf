using System.Text.Json;
using Interp.Weights;

namespace Interp.Circuits.Graphs;

// The JSON of the EAP-IG and MIB circuit tools: { "cfg": {…}, "nodes": {name: {…}}, "edges": {name: {…}} }.
public sealed partial class CircuitGraph
{
    /// <summary>Writes the graph as JSON that the EAP-IG and MIB circuit tools read.</summary>
    /// <remarks>
    /// <c>cfg</c> has <c>n_layers</c>, <c>n_heads</c>, <c>parallel_attn_mlp</c> and <c>d_model</c>; every node
    /// <c>in_graph</c> and, where it has one, <c>score</c>; every edge <c>score</c> and <c>in_graph</c>. Those tools
    /// have no models without MLPs: there <c>cfg</c> has <c>attn_only</c> as well, and they read a graph whose MLPs are
    /// outside of the circuit.
    /// </remarks>
    public void Save(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the JSON.</summary>
    public void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        WriteShape(json);
        WriteNodes(json);
        json.WriteStartObject("edges");
        foreach (var edge in Edges)
        {
            json.WriteStartObject(edge.Name);
            json.WriteNumber("score", edge.Score);
            json.WriteBoolean("in_graph", edge.InCircuit);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Reads a graph that this class, the EAP-IG or the MIB circuit tools wrote.</summary>
    /// <exception cref="InvalidDataException">It is no such graph; the message names the file and the
    /// place.</exception>
    public static CircuitGraph Load(string path)
    {
        using var stream = File.OpenRead(path);
        return CircuitGraphReader.Read(stream, path);
    }

    /// <summary>Reads a graph from a stream.</summary>
    /// <param name="stream">The JSON.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">It is no such graph.</exception>
    public static CircuitGraph Read(Stream stream, string name = "the graph") => CircuitGraphReader.Read(stream, name);

    private void WriteShape(Utf8JsonWriter json)
    {
        json.WriteStartObject("cfg");
        json.WriteNumber("n_layers", Shape.NLayers);
        json.WriteNumber("n_heads", Shape.NHeads);
        json.WriteBoolean("parallel_attn_mlp", Shape.ParallelAttnMlp);
        json.WriteNumber("d_model", Shape.DModel);
        if (Shape.AttnOnly) json.WriteBoolean("attn_only", true);
        json.WriteEndObject();
    }

    private void WriteNodes(Utf8JsonWriter json)
    {
        var inside = CircuitNodes;
        json.WriteStartObject("nodes");
        foreach (var node in Nodes)
        {
            json.WriteStartObject(node.ToString());
            json.WriteBoolean("in_graph", inside.Contains(node));
            if (nodeScores is not null && node.Kind != NodeKind.Logits &&
                nodeScores[Shape.IndexOf(node)] is var score &&
                    double.IsFinite(score)) json.WriteNumber("score", score);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
