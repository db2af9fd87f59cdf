using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Processing;

/// <summary>The same model with other tensors: every tensor of <see cref="ModelWeights"/> goes through a function once.</summary>
internal static class WeightMap
{
    /// <summary>Maps them; what was tied or shared stays so.</summary>
    /// <exception cref="InvalidOperationException">The function gave back a tensor that it was given.</exception>
    internal static ModelWeights Map(ModelWeights weights, Func<Tensor, Tensor> map)
    {
        var tied = weights.Unembed.Weight.SharesMemoryWith(weights.Embed);
        var embed = map(weights.Embed);
        var mapped = weights with
        {
            Embed = embed,
            PosEmbed = Map(weights.PosEmbed, map),
            EmbedNorm = Map(weights.EmbedNorm, map),
            Blocks = [.. weights.Blocks.Select(block => Map(block, map))],
            LnFinal = Map(weights.LnFinal, map),
            Unembed = new LinearWeights(tied ? embed.t() : map(weights.Unembed.Weight), Map(weights.Unembed.Bias, map)),
        };
        CheckNothingShared(weights, mapped);
        return mapped;
    }

    private static BlockWeights Map(BlockWeights block, Func<Tensor, Tensor> map)
    {
        var ln1 = Map(block.Ln1, map);
        return block with
        {
            Ln1 = ln1,
            Qkv = Map(block.Qkv, map)!,
            Out = Map(block.Out, map)!,
            QueryNorm = Map(block.QueryNorm, map),
            KeyNorm = Map(block.KeyNorm, map),
            Ln1Post = Map(block.Ln1Post, map),
            // One norm may serve attention and MLP.
            Ln2 = ReferenceEquals(block.Ln2, block.Ln1) ? ln1 : Map(block.Ln2, map),
            Mlp = Map(block.Mlp, map),
            Moe = block.Moe is null
                ? null : new MoeWeights(Map(block.Moe.Router, map)!, [.. block.Moe.Experts.Select(e => Map(e, map)!)]),
            Ln2Post = Map(block.Ln2Post, map),
        };
    }

    private static MlpWeights? Map(MlpWeights? mlp, Func<Tensor, Tensor> map) =>
        mlp is null ? null : new MlpWeights(Map(mlp.In, map)!, Map(mlp.Out, map)!, Map(mlp.Gate, map), Map(mlp.Ln, map));

    private static LinearWeights? Map(LinearWeights? linear, Func<Tensor, Tensor> map) =>
        linear is null ? null : new LinearWeights(map(linear.Weight), Map(linear.Bias, map));

    private static NormWeights? Map(NormWeights? norm, Func<Tensor, Tensor> map) =>
        norm is null ? null : new NormWeights(Map(norm.Weight, map), Map(norm.Bias, map));

    private static Tensor? Map(Tensor? tensor, Func<Tensor, Tensor> map) => tensor is null ? null : map(tensor);

    /// <summary>A kind of weight that is not mapped here would belong to two models, and die with the first.</summary>
    private static void CheckNothingShared(ModelWeights before, ModelWeights after)
    {
        var old = before.Named().Select(pair => pair.Tensor).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var (name, tensor) in after.Named())
            if (old.Contains(tensor)) throw new InvalidOperationException($"weight '{name}' was not mapped");
    }
}
