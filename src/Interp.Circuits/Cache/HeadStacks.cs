using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>What every attention head wrote to the residual stream.</summary>
/// <remarks>
/// Attention's output is a sum over heads, attn_out = Σ_h z_h W_O[h] + b_O (Elhage et al. 2021), with z_h what the
/// head's pattern gathered. A head's result is computed from z, which is d_model / d_head times smaller, when it is
/// asked for, by one matrix product a layer straight into the stack: nothing of shape [batch, pos, head, d_head,
/// d_model] or a second time the stack's size ever exists. With <c>projectOnto</c> not even results do: z goes through
/// W_O · directions.
/// </remarks>
public static class HeadStacks
{
    /// <summary>
    /// The results of a layer's heads [batch, pos, head, d_model]: what <c>attn.hook_result</c> would show.
    /// </summary>
    /// <param name="cache">Holds <c>z</c> of the layer.</param>
    /// <param name="layer">The layer; negative ones count from the last.</param>
    /// <param name="pos">Which positions.</param>
    public static Tensor HeadResults(this ActivationCache cache, int layer, Slice pos = default)
    {
        var model = CacheModel.Of(cache);
        if (layer < 0) layer += model.Config.NLayers;
        using var scope = torch.NewDisposeScope();
        var name = ActNames.Get("result", layer);
        if (cache.Holds(name)) return scope.MoveToOuter(pos.Apply(cache[name], -3));
        var (rows, leading) = Rows(cache, layer, pos);
        var results = rows.bmm(model.W_O(layer)).view([rows.size(0), .. leading, -1]); // [head, batch, pos, d_model]
        return scope.MoveToOuter(results.movedim(0, -2));
    }

    /// <summary>The results of all heads of the layers before one.</summary>
    /// <param name="cache">Holds <c>z</c>, or <c>result</c>, of these layers.</param>
    /// <param name="layer">The layers before this one; null for all.</param>
    /// <param name="inclRemainder">
    /// One more component: the rest of the residual stream before <paramref name="layer"/>, so that all add up to it.
    /// </param>
    /// <param name="pos">Which positions.</param>
    /// <param name="applyLn">
    /// As the layer, or the unembedding, reads them behind its norm, see <see cref="NormApplication"/>.
    /// </param>
    /// <param name="projectOnto">
    /// [d_model] or [d_model, k]: only what the results have along these directions, which is never more than a stack
    /// of numbers. With <paramref name="applyLn"/> the directions are behind the norm.
    /// </param>
    /// <param name="applyWeight">With <paramref name="applyLn"/>: also the norm's weight.</param>
    /// <returns>
    /// [component, batch, pos, d_model], or k in place of d_model, or nothing in its place for one direction; labelled
    /// <c>L0H0</c>, …, <c>remainder</c>.
    /// </returns>
    public static LabelledStack StackHeadResults(this ActivationCache cache, int? layer = null,
        bool inclRemainder = false, Slice pos = default, bool applyLn = false, Tensor? projectOnto = null,
        bool applyWeight = true)
    {
        var config = CacheModel.Of(cache).Config;
        var target = CacheModel.InputLayer(config, layer, mlpInput: false);
        if (target == 0 && !inclRemainder)
            throw new ArgumentException("there are no heads before layer 0: the stack would be empty");
        using var scope = torch.NewDisposeScope();
        var reader = new StreamReader(cache, target, false, pos, applyLn, applyWeight, projectOnto);
        var like = target == 0 ? cache["resid_pre", 0] : Like(cache, 0);
        var leading = target == 0 ? reader.Leading(like) : LeadingOfHeads(like, pos);
        var count = (long)target * config.NHeads + (inclRemainder ? 1 : 0);
        var builder = new StackBuilder(count, leading, reader.Width, like, reader.Records(like));
        for (var l = 0; l < target; l++) AddLayer(builder, cache, l, pos, reader);
        if (inclRemainder) builder.Add("remainder", Remainder(cache, target, pos, reader, builder));
        var stack = reader.Finish(builder);
        return stack with { Values = scope.MoveToOuter(stack.Values) };
    }

    /// <summary>Adds the results of a layer's heads, one matrix product.</summary>
    internal static void AddLayer(StackBuilder builder, ActivationCache cache, int layer, Slice pos,
        StreamReader reader)
    {
        using var scope = torch.NewDisposeScope();
        var model = CacheModel.Of(cache);
        var labels = Enumerable.Range(0, model.Config.NHeads).Select(head => $"L{layer}H{head}");
        if (cache.Holds(ActNames.Get("result", layer)))
        {
            // What hooks made of the results stands here only.
            var results = pos.Apply(cache["result", layer], -3).movedim(-2, 0); // [head, batch, pos, d_model]
            var (seen, step) = reader.Write(layer, mlp: false, results);
            builder.AddAll(labels, seen, step);
            return;
        }
        var (matrix, then) = reader.Write(layer, mlp: false, model.W_O(layer)); // [head, d_head, width]
        var (rows, _) = Rows(cache, layer, pos);
        builder.AddProducts(labels, rows, matrix, then);
    }

    /// <summary>z by head [head, rows, d_head], and batch and pos that the rows stand for.</summary>
    internal static (Tensor Rows, long[] Leading) Rows(ActivationCache cache, int layer, Slice pos)
    {
        var z = pos.Apply(cache["z", layer], -3); // [batch, pos, head, d_head]
        var byHead = z.movedim(-2, 0);
        return (byHead.reshape(byHead.size(0), -1, byHead.size(-1)), byHead.shape[1..^1]);
    }

    /// <summary>The tensor whose type, device and sizes the results of heads have.</summary>
    internal static Tensor Like(ActivationCache cache, int layer) =>
        cache.Holds(ActNames.Get("result", layer)) ? cache["result", layer] : cache["z", layer];

    internal static long[] LeadingOfHeads(Tensor zOrResult, Slice pos)
    {
        using var part = pos.Apply(zOrResult, -3);
        return part.shape[..^2];
    }

    /// <summary>What the stream before a layer has beyond the components so far.</summary>
    internal static Tensor Remainder(ActivationCache cache, int layer, Slice pos, StreamReader reader,
        StackBuilder builder)
    {
        var layers = CacheModel.Of(cache).Config.NLayers;
        var stream = layer < layers && cache.ContainsKey($"blocks.{layer}.hook_resid_pre")
            ? cache["resid_pre", layer] : cache["resid_post", layer - 1];
        var seen = reader.See(pos.Apply(stream, -2));
        return layer == 0 ? seen : seen - builder.Sum();
    }
}
