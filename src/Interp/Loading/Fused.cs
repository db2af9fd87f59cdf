using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading;

/// <summary>Builds the one matrix [d_model, (heads + 2 kv_heads) · d_head] that gives queries, keys and values together.</summary>
internal static class Fused
{
    /// <summary>From the classic weights [head, d_model, d_head] each.</summary>
    internal static Tensor FromHeads(Tensor q, Tensor k, Tensor v)
    {
        using var scope = torch.NewDisposeScope();
        Tensor Columns(Tensor w) => w.permute(1, 0, 2).reshape(w.size(1), -1);
        return scope.MoveToOuter(torch.cat([Columns(q), Columns(k), Columns(v)], 1));
    }

    /// <summary>From matrices stored as PyTorch's Linear does, [out, in]: a transposed view of their rows one below the other.</summary>
    internal static Tensor FromLinears(Tensor q, Tensor k, Tensor v)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.cat([q, k, v], 0).t());
    }

    /// <summary>The biases one behind the other.</summary>
    internal static Tensor Biases(Tensor q, Tensor k, Tensor v)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.cat([q.flatten(), k.flatten(), v.flatten()]));
    }

    /// <summary>
    /// Rows [out, ...] that are stored by group, in each its queries, then one key and one value, brought into the order of
    /// all queries, all keys, all values.
    /// </summary>
    /// <param name="rows">A matrix stored as PyTorch's Linear does, or its bias.</param>
    /// <param name="groups">Heads of keys and values.</param>
    /// <param name="queries">Heads of queries in a group.</param>
    /// <param name="width">Rows of a head.</param>
    internal static Tensor RowsFromGroups(Tensor rows, int groups, int queries, int width)
    {
        // One group has that order already.
        if (groups == 1) return rows.alias();
        using var scope = torch.NewDisposeScope();
        var split = rows.reshape([groups, queries + 2, width, .. rows.shape[1..]]);
        return scope.MoveToOuter(torch.cat([
            split.narrow(1, 0, queries).flatten(0, 2), split.select(1, queries).flatten(0, 1), split.select(1, queries + 1).flatten(0, 1)], 0));
    }
}
