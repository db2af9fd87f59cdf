using Interp.Torch;

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
}
