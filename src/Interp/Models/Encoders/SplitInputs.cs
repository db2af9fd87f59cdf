using Interp.Hooks;
using Interp.Models.Components;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>
/// The points <c>hook_q_input</c>, <c>hook_k_input</c> and <c>hook_v_input</c>: the stream as every head reads it. Copies by
/// head exist only where a hook edits them.
/// </summary>
internal sealed class SplitInputs
{
    private readonly HookPoint[] points;
    private readonly int heads;

    /// <param name="registry">Where the points go.</param>
    /// <param name="block">The block's name, for example <c>blocks.0</c>.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="heads">Heads of the attention that reads.</param>
    internal SplitInputs(HookRegistry registry, string block, int layer, int heads)
    {
        this.heads = heads;
        points = [.. "qkv".Select(letter =>
            registry.Add($"{block}.hook_{letter}_input", ["batch", "pos", "head", "d_model"], layer, onDemand: true))];
    }

    /// <summary>What queries, keys and values read, behind the norm.</summary>
    /// <param name="stream">The residual stream [batch, pos, d_model].</param>
    /// <param name="norm">The norm between the stream and attention, or null.</param>
    /// <param name="run">The run.</param>
    internal (Tensor Query, Tensor Key, Tensor Value) Read(Tensor stream, NormLayer? norm, HookRun run)
    {
        CheckSplit(norm, run);
        var split = points.Select(point => Split(point, stream, norm, run)).ToArray();
        var shared = norm?.Forward(stream, run) ?? stream;
        return (split[0] ?? shared, split[1] ?? shared, split[2] ?? shared);
    }

    /// <summary>The input by head [batch, pos, head, d_model] where a hook edits it, else null.</summary>
    private Tensor? Split(HookPoint point, Tensor stream, NormLayer? norm, HookRun run)
    {
        if (!run.Wants(point)) return null;
        var byHead = run.Fire(point, stream.unsqueeze(2).expand(stream.size(0), stream.size(1), heads, stream.size(2)), isPart: true);
        return !run.Edits(point) ? null : norm?.ForwardUnhooked(byHead) ?? byHead;
    }

    /// <summary>The norm's points see the one stream: an edit there would be lost for an input that was split off.</summary>
    private void CheckSplit(NormLayer? norm, HookRun run)
    {
        if (norm is null || !(run.Edits(norm.Points.Scale) || run.Edits(norm.Points.Normalized))) return;
        if (Array.Find(points, run.Edits) is { } edited)
            throw new HookException(
                $"a hook edits '{edited.Name}' and another edits '{norm.Points.Normalized.Name}' or its scale: the norm's hooks see only " +
                "the unsplit stream, so the two cannot be combined; edit the split input alone");
    }
}
