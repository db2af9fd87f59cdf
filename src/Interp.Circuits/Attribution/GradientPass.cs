using Interp.Hooks;
using Interp.Models.Components;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using ModelPositions = Interp.Models.Components.Positions;

namespace Interp.Circuits.Attribution;

/// <summary>One forward and one backward pass from a residual stream to the metric: the gradients at receivers'
/// inputs.</summary>
internal sealed class GradientPass(ComponentRuns runs)
{
    private readonly List<Tensor> watched = [];
    private readonly List<Action<Tensor?[]>> uses = [];

    /// <summary>Runs.</summary>
    /// <param name="stream">The stream at a layer's entrance, or where its MLP reads [batch, pos, d_model].</param>
    /// <param name="firstLayer">The layer; the number of layers for the end.</param>
    /// <param name="take">Told the first of some receivers and their gradients [receiver, batch, pos, d_model].</param>
    /// <param name="middle">Whether to begin where the layer's MLP reads.</param>
    internal void Run(Tensor stream, int firstLayer, Action<int, Tensor> take, bool middle = false)
    {
        using var scope = torch.NewDisposeScope();
        using var recording = torch.enable_grad();
        var padding = runs.Padding(1);
        using var positions = ModelPositions.Create(0, runs.Length, padding);
        var state = runs.Model.State(HookRun.Plain, positions, padding, runs.Length);
        stream = stream.detach().requires_grad_();
        for (var layer = firstLayer; layer < runs.Shape.NLayers; layer++)
        {
            var after = middle && layer == firstLayer ? stream : stream + Attend(layer, stream, state, take);
            stream = runs.Shape.AttnOnly ? after : after + ReadByMlp(layer, runs.ReadsMiddle ? after : stream, take);
        }
        stream = Watch(stream, runs.Shape.ReceiverCount - 1, take);
        var value = runs.Metric.Evaluate(runs.Logits(stream));
        if (!value.requires_grad)
            throw new ArgumentException($"{runs.Metric.Name} has no gradient at the logits, which attribution needs");
        var gradients = Gradients.Of([value], [.. watched], allowUnused: true);
        foreach (var use in uses) use(gradients);
    }

    /// <summary>A receiver with one input: what it reads, apart from what others read of the same stream.</summary>
    private Tensor Watch(Tensor stream, int receiver, Action<int, Tensor> take)
    {
        // A view of its own: an alias in TorchSharp is the same node of the graph.
        var (input, at) = (stream.view_as(stream), watched.Count);
        watched.Add(input);
        uses.Add(gradients =>
        {
            if (gradients[at] is { } gradient) take(receiver, gradient.unsqueeze(0));
        });
        return input;
    }

    private Tensor ReadByMlp(int layer, Tensor stream, Action<int, Tensor> take)
    {
        var receiver = layer * runs.Shape.ReceiversPerLayer + 3 * runs.Shape.NHeads;
        return runs.Model.BlockAt(layer).WriteMlp(Watch(stream, receiver, take));
    }

    private Tensor Attend(int layer, Tensor stream, RunState state, Action<int, Tensor> take)
    {
        var block = runs.Model.BlockAt(layer);
        var (q, k, v) = block.Attention.ProjectRows(block.Read(stream, state));
        Tensor[] read = [q, Ungrouped(k), Ungrouped(v)]; // [batch, pos, head, d_head]
        var at = watched.Count;
        watched.AddRange(read);
        var seen = stream.detach();
        uses.Add(gradients =>
            take(layer * runs.Shape.ReceiversPerLayer, AtInputs(layer, seen, gradients[at..(at + 3)])));
        (q, k) = block.Attention.Turn(read[0], read[1], state.Positions);
        return block.WriteAttention(block.Attention.MixRows(q, k, read[2], state));
    }

    /// <summary>A gradient that does not exist, because the metric does not read what the head tells it.</summary>
    private Tensor Zeros() => torch.zeros(
        [runs.Batch, runs.Length, runs.Shape.NHeads, runs.Model.Config.DHead], runs.Difference.dtype,
            runs.Model.Device);

    /// <summary>Keys or values of every head: those of a group once for each of its heads.</summary>
    private Tensor Ungrouped(Tensor keyOrValue)
    {
        var group = runs.Shape.NHeads / keyOrValue.size(2);
        return group == 1 ? keyOrValue : keyOrValue.repeat_interleave(group, 2);
    }

    /// <summary>
    /// From gradients at queries, keys and values [batch, pos, head, d_head] to those at the inputs that each head
    /// would have of its own [3 · head, batch, pos, d_model]: back through the head's matrix, then through the norm.
    /// </summary>
    private Tensor AtInputs(int layer, Tensor stream, Tensor?[] gradients)
    {
        using var scope = torch.NewDisposeScope();
        var (weight, _) = runs.HeadWeights(layer); // [3 · head, d_model, d_head]
        var projected = torch.cat([.. gradients.Select(gradient => gradient ?? Zeros())], 2);
        var normed = projected.permute(2, 0, 1, 3).flatten(1, 2).bmm(weight.transpose(1, 2))
            .SplitDimension(1, runs.Batch, runs.Length); // [3 · head, batch, pos, d_model]
        using var recording = torch.enable_grad();
        var inputs = stream.unsqueeze(0).expand(normed.shape).contiguous().requires_grad_();
        var outputs = runs.Model.BlockAt(layer).NormAttentionInputs(inputs);
        // Without a norm the outputs are the inputs themselves.
        return scope.MoveToOuter(ReferenceEquals(outputs, inputs)
            ? normed
            : Gradients.Of([outputs], [inputs], [normed])[0]!);
    }
}
