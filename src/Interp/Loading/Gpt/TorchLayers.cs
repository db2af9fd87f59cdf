using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Gpt;

/// <summary>Weights as PyTorch's <c>nn.Linear</c> and <c>nn.LayerNorm</c> store them: <c>name.weight</c> [out, in], <c>name.bias</c>.</summary>
internal static class TorchLayers
{
    /// <summary>A linear map, seen as [in, out] without a copy.</summary>
    internal static LinearWeights Linear(WeightReader r, string name, long input, long output, bool bias)
    {
        using var scope = torch.NewDisposeScope();
        var weight = scope.MoveToOuter(r.Take(name + ".weight", output, input).t());
        return new LinearWeights(weight, bias ? scope.MoveToOuter(r.Take(name + ".bias", output)) : null);
    }

    /// <summary>A LayerNorm over the residual stream.</summary>
    internal static NormWeights Norm(WeightReader r, HookedTransformerConfig c, string name, bool bias = true) =>
        new(r.Take(name + ".weight", c.DModel), bias ? r.Take(name + ".bias", c.DModel) : null);

    /// <summary>Queries, keys and values from three maps.</summary>
    /// <param name="r">The file.</param>
    /// <param name="c">The configuration.</param>
    /// <param name="names">The names of the maps to queries, keys and values.</param>
    /// <param name="bias">Whether they have biases.</param>
    internal static LinearWeights Qkv(WeightReader r, HookedTransformerConfig c, (string Q, string K, string V) names, bool bias)
    {
        using var scope = torch.NewDisposeScope();
        var (queries, keys) = ((long)c.NHeads * c.DHead, (long)c.KeyValueHeads * c.DHead);
        Tensor Weight(string name, long rows) => r.Take(name + ".weight", rows, c.DModel);
        Tensor Bias(string name, long rows) => r.Take(name + ".bias", rows);
        var weight = Fused.FromLinears(Weight(names.Q, queries), Weight(names.K, keys), Weight(names.V, keys));
        var biases = bias ? Fused.Biases(Bias(names.Q, queries), Bias(names.K, keys), Bias(names.V, keys)) : null;
        return new LinearWeights(scope.MoveToOuter(weight), biases is null ? null : scope.MoveToOuter(biases));
    }

    /// <summary>
    /// Queries, keys and values from one map whose rows stand by group of heads: the group's queries, its key, its value.
    /// With as many groups as heads that is head by head [heads, 3, d_head].
    /// </summary>
    internal static LinearWeights GroupedQkv(WeightReader r, HookedTransformerConfig c, string name, bool bias)
    {
        using var scope = torch.NewDisposeScope();
        var (groups, queries) = (c.KeyValueHeads, c.NHeads / c.KeyValueHeads);
        var rows = (long)groups * (queries + 2) * c.DHead;
        Tensor Sorted(Tensor stored) => Fused.RowsFromGroups(stored, groups, queries, c.DHead);
        var weight = scope.MoveToOuter(Sorted(r.Take(name + ".weight", rows, c.DModel)).t());
        return new LinearWeights(weight, bias ? scope.MoveToOuter(Sorted(r.Take(name + ".bias", rows))) : null);
    }
}
