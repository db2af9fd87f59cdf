using Interp.Circuits.Attribution;
using Interp.Circuits.Graphs;
using Interp.Circuits.Patching.Engine;
using Interp.Hooks;
using Interp.Models;
using Interp.Models.Components;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using ModelPositions = Interp.Models.Components.Positions;

namespace Interp.Circuits.Evaluation;

/// <summary>One pass through the layers for some circuits together, each given by the edges that it lacks.</summary>
/// <remarks> A receiver reads the stream of this run, plus for every edge that is missing what the source wrote in the
/// corrupted run less what it wrote here: one matrix product of missing edges [receiver, source] and differences
/// [source, stream].
/// Sources before the first layer with a missing edge have the same difference in all circuits.
/// </remarks>
internal sealed class CircuitRun
{
    private readonly ComponentRuns runs;
    private readonly CircuitGraph layout;
    private readonly int[][] missing;
    private readonly CancellationToken cancellation;
    private readonly int firstLayer;
    private readonly int lastReceiver;
    private readonly int shared;
    private Tensor? written;

    internal CircuitRun(ComponentRuns runs, CircuitGraph layout, int[][] missing, CancellationToken cancellation)
    {
        (this.runs, this.layout, this.missing, this.cancellation) = (runs, layout, missing, cancellation);
        var lacking = missing.Where(edges => edges.Length > 0).ToArray();
        var first = lacking.Select(edges => layout.ReceiverOf(edges[0])).DefaultIfEmpty(Shape.ReceiverCount - 1).Min();
        lastReceiver = lacking.Select(edges => layout.ReceiverOf(edges[^1])).DefaultIfEmpty(-1).Max();
        firstLayer = first / Shape.ReceiversPerLayer;
        shared = Shape.SourcesBeforeLayer(firstLayer);
    }

    private CircuitShape Shape => runs.Shape;

    private HookedTransformer Model => runs.Model;

    private int Circuits => missing.Length;

    /// <summary>The metric of every circuit.</summary>
    internal double[] Run()
    {
        var padding = runs.Padding(Circuits);
        using var positions = ModelPositions.Create(0, runs.Length, padding);
        var state = Model.State(HookRun.Plain, positions, padding, runs.Length);
        var stream = runs.Entrances[firstLayer].repeat(Circuits, 1, 1); // [circuit · batch, pos, d_model]
        for (var layer = firstLayer; layer < Shape.NLayers; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            stream = scope.MoveToOuter(AnyMissingFrom(layer * Shape.ReceiversPerLayer)
                ? Layer(layer, stream, state)
                : BaseLayer.Run(Model, layer, stream, positions, padding).Exit);
            if (written is not null) scope.MoveToOuter(written);
        }
        stream = Input(Shape.ReceiverCount - 1, stream);
        return [.. runs.Logits(stream).SplitDimension(0, Circuits, runs.Batch).unbind(0).Select(Evaluate)];
    }

    private double Evaluate(Tensor logits)
    {
        using var value = runs.Metric.Evaluate(logits);
        return value.ToDouble();
    }

    private bool AnyMissingFrom(int receiver) => lastReceiver >= receiver;

    private Tensor Layer(int layer, Tensor stream, RunState state)
    {
        var first = layer * Shape.ReceiversPerLayer;
        var block = Model.BlockAt(layer);
        var z = Attention(layer, stream, state); // [circuit · batch, pos, head, d_head]
        var heads = AnyMissingFrom(first + 3 * Shape.NHeads) ? WrittenByHeads(layer, z) : block.WriteAttention(z);
        var middle = stream + heads;
        if (Shape.AttnOnly) return middle;
        var receiver = first + 3 * Shape.NHeads;
        var output = block.WriteMlp(Input(receiver, runs.ReadsMiddle ? middle : stream));
        if (AnyMissingFrom(receiver + 1)) Keep(Shape.SourcesBeforeLayer(layer) + Shape.NHeads, output.unsqueeze(0));
        return middle + output;
    }

    private Tensor Attention(int layer, Tensor stream, RunState state)
    {
        var attention = Model.BlockAt(layer).Attention;
        var first = layer * Shape.ReceiversPerLayer;
        var (q, k, v) = Changes(first, 3 * Shape.NHeads) is { } changes
            ? Projected(layer, stream, changes)
            : attention.ProjectRows(Model.BlockAt(layer).Read(stream, state));
        (q, k) = attention.Turn(q, k, state.Positions);
        return attention.MixRows(q, k, v, state);
    }

    /// <summary>Queries, keys and values [circuit · batch, pos, head, d_head], each head from inputs of its
    /// own.</summary>
    private (Tensor Q, Tensor K, Tensor V) Projected(int layer, Tensor stream, Tensor changes)
    {
        var inputs = changes + stream; // [3 · head, circuit · batch, pos, d_model]
        var normed = Model.BlockAt(layer).NormAttentionInputs(inputs);
        var (weight, bias) = runs.HeadWeights(layer);
        var projected = normed.flatten(1, 2).bmm(weight); // [3 · head, circuit · batch · pos, d_head]
        if (bias is not null) projected = projected + bias;
        var parts = projected.SplitDimension(1, stream.size(0), runs.Length).permute(1, 2, 0, 3).contiguous();
        var heads = Shape.NHeads;
        return (parts.narrow(2, 0, heads), parts.narrow(2, heads, heads), parts.narrow(2, 2 * heads, heads));
    }

    /// <summary>What all heads add to the stream; that of each is kept for edges that are missing later.</summary>
    private Tensor WrittenByHeads(int layer, Tensor z)
    {
        var outputs = runs.HeadOutputs(layer, z); // [head, circuit · batch, pos, d_model]
        Keep(Shape.SourcesBeforeLayer(layer), outputs);
        var sum = outputs.sum([0]);
        return Model.Weights.Blocks[layer].Out.Bias is { } bias ? sum + bias : sum;
    }

    /// <summary>The stream as a receiver with one input reads it.</summary>
    private Tensor Input(int receiver, Tensor stream) =>
        Changes(receiver, 1) is { } changes ? stream + changes.squeeze(0) : stream;

    /// <summary>Keeps what sources would have written in the corrupted run less what they wrote here.</summary>
    private void Keep(int source, Tensor outputs)
    {
        written ??= torch.zeros([Circuits, Shape.SourceCount - shared, Width], outputs.dtype, outputs.device);
        var count = outputs.size(0);
        var difference = runs.Source.narrow(0, source, count).unsqueeze(1) - outputs.SplitDimension(1, Circuits, runs.Batch);
        written.narrow(1, source - shared, count).copy_(difference.transpose(0, 1).flatten(2));
    }

    private long Width => (long)runs.Batch * runs.Length * Shape.DModel;

    /// <summary>
    /// What missing edges change in the inputs of some receivers that read at one time
    /// [receiver, circuit · batch, pos, d_model]; null where none is missing.
    /// </summary>
    private Tensor? Changes(int receiver, int count)
    {
        var sources = Shape.SourcesBefore(receiver);
        var lacks = Lacks(receiver, count, sources);
        if (lacks is null) return null;
        var before = Math.Min(shared, sources);
        var weights = torch.tensor(lacks, [count, Circuits, sources], device: Model.Device).to(runs.Difference.dtype);
        var known = runs.Difference.narrow(0, 0, before).flatten(1); // [source, batch · pos · d_model]
        var changes = weights.narrow(2, 0, before).reshape(-1, before).mm(known).SplitDimension(0, count, Circuits);
        if (sources > before)
        {
            var later = weights.narrow(2, before, sources - before).transpose(0, 1); // [circuit, receiver, source]
            changes = changes + later.bmm(written!.narrow(1, 0, sources - before)).transpose(0, 1);
        }
        return changes.reshape(count, Circuits * runs.Batch, runs.Length, Shape.DModel);
    }

    /// <summary>1 for every edge that is missing [receiver, circuit, source]; null where none is.</summary>
    private float[]? Lacks(int receiver, int count, int sources)
    {
        float[]? lacks = null;
        var (from, _) = layout.EdgesInto(receiver);
        var end = from + count * sources;
        for (var circuit = 0; circuit < Circuits; circuit++)
        {
            var edges = missing[circuit];
            var at = Array.BinarySearch(edges, from);
            for (at = at < 0 ? ~at : at; at < edges.Length && edges[at] < end; at++)
            {
                lacks ??= new float[count * Circuits * sources];
                var (to, source) = Math.DivRem(edges[at] - from, sources);
                lacks[(to * Circuits + circuit) * sources + source] = 1;
            }
        }
        return lacks;
    }
}
