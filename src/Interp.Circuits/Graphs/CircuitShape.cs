using Interp.Models;

namespace Interp.Circuits.Graphs;

/// <summary>The sizes that decide which nodes and edges a model's graph has.</summary>
/// <remarks>
/// Sources, in the order in which they write: the input, then in each layer its heads and its MLP. Receivers, in the
/// order in which they read: in each layer the queries, keys and values of its heads and the MLP, at the end the
/// logits. A receiver has an edge from every source that writes before it reads; in a parallel block the MLP does not
/// read its own layer's heads. GPT-2 small has 157 sources, 445 receivers and 32,491 edges.
/// <para>With grouped keys and values, every head still has key and value inputs of its own (the "ungrouped" form of
/// the circuit tools): heads of a group share weights, but an edge into <c>a2.h3&lt;k&gt;</c> changes only what head 3
/// sees.</para>
/// </remarks>
/// <param name="NLayers">Layers.</param>
/// <param name="NHeads">Heads a layer.</param>
/// <param name="DModel">Width of the residual stream.</param>
/// <param name="ParallelAttnMlp">Whether MLPs read the stream at the block's entrance.</param>
/// <param name="AttnOnly">Whether there are no MLPs.</param>
public sealed record CircuitShape(
    int NLayers, int NHeads, int DModel, bool ParallelAttnMlp = false, bool AttnOnly = false)
{
    /// <summary>Nodes that write: the input, heads, MLPs.</summary>
    public int SourceCount => 1 + NLayers * SourcesPerLayer;

    /// <summary>Inputs that are read: three of every head, one of every MLP, the logits.</summary>
    public int ReceiverCount => NLayers * ReceiversPerLayer + 1;

    /// <summary>All edges.</summary>
    public int EdgeCount => checked((int)Edges);

    internal int SourcesPerLayer => NHeads + Mlps;

    internal int ReceiversPerLayer => 3 * NHeads + Mlps;

    private int Mlps => AttnOnly ? 0 : 1;

    private long Edges
    {
        get
        {
            long layers = NLayers, before = layers + (long)SourcesPerLayer * (layers * (layers - 1) / 2);
            return before * ReceiversPerLayer + (AttnOnly || ParallelAttnMlp ? 0 : layers * NHeads) + SourceCount;
        }
    }

    /// <summary>The shape of a model's graph.</summary>
    public static CircuitShape Of(HookedTransformerConfig config) =>
        new(config.NLayers, config.NHeads, config.DModel, config.ParallelAttnMlp && !config.AttnOnly, config.AttnOnly);

    /// <summary>The source at a place, from 0, the input.</summary>
    public CircuitNode Source(int index)
    {
        Check(index, SourceCount, "source");
        if (index == 0) return CircuitNode.Input;
        var (layer, at) = Math.DivRem(index - 1, SourcesPerLayer);
        return at < NHeads ? CircuitNode.AttentionHead(layer, at) : CircuitNode.Mlp(layer);
    }

    /// <summary>The receiver at a place, from 0; the last is the logits.</summary>
    public CircuitReceiver Receiver(int index)
    {
        Check(index, ReceiverCount, "receiver");
        if (index == ReceiverCount - 1) return new CircuitReceiver(CircuitNode.Logits, HeadInput.None);
        var (layer, at) = Math.DivRem(index, ReceiversPerLayer);
        if (at >= 3 * NHeads) return new CircuitReceiver(CircuitNode.Mlp(layer), HeadInput.None);
        return new CircuitReceiver(CircuitNode.AttentionHead(layer, at % NHeads), HeadInput.Query + at / NHeads);
    }

    /// <summary>The place of a source; −1 where the model has no such node or it does not write.</summary>
    public int IndexOf(CircuitNode node) => !Has(node) ? -1 : node.Kind switch
    {
        NodeKind.Input => 0,
        NodeKind.Head => SourcesBeforeLayer(node.Layer) + node.Head,
        NodeKind.Mlp => SourcesBeforeLayer(node.Layer) + NHeads,
        _ => -1,
    };

    /// <summary>The place of a receiver; −1 where the model has none such.</summary>
    public int IndexOf(CircuitReceiver receiver)
    {
        var (node, first) = (receiver.Node, receiver.Node.Layer * ReceiversPerLayer);
        if (!Has(node)) return -1;
        return (node.Kind, receiver.Input) switch
        {
            (NodeKind.Logits, HeadInput.None) => ReceiverCount - 1,
            (NodeKind.Mlp, HeadInput.None) => first + 3 * NHeads,
            (NodeKind.Head, not HeadInput.None) => first + (receiver.Input - HeadInput.Query) * NHeads + node.Head,
            _ => -1,
        };
    }

    /// <summary>How many sources write before a receiver reads: it has an edge from each.</summary>
    public int SourcesBefore(int receiver)
    {
        Check(receiver, ReceiverCount, "receiver");
        if (receiver == ReceiverCount - 1) return SourceCount;
        var (layer, at) = Math.DivRem(receiver, ReceiversPerLayer);
        return SourcesBeforeLayer(layer) + (at < 3 * NHeads || ParallelAttnMlp ? 0 : NHeads);
    }

    internal int SourcesBeforeLayer(int layer) => 1 + layer * SourcesPerLayer;

    /// <summary>Whether the sizes make sense and give a number of edges that fits in memory.</summary>
    internal bool IsValid =>
        NLayers is > 0 and <= 10_000 && NHeads is > 0 and <= 10_000 && DModel > 0 && Edges <= 100_000_000;

    /// <inheritdoc/>
    public override string ToString() => $"{NLayers} layers, {NHeads} heads a layer, width {DModel}" +
        (ParallelAttnMlp ? ", parallel" : "") + (AttnOnly ? ", without MLPs" : "");

    private bool Has(CircuitNode node) => node.Kind switch
    {
        NodeKind.Head => (uint)node.Layer < (uint)NLayers && (uint)node.Head < (uint)NHeads,
        NodeKind.Mlp => !AttnOnly && (uint)node.Layer < (uint)NLayers,
        _ => true,
    };

    private static void Check(int index, int count, string what)
    {
        if ((uint)index >= (uint)count)
            throw new ArgumentOutOfRangeException(nameof(index), $"{what} {index} is outside 0 to {count - 1}");
    }
}
