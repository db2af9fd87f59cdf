using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>Functions of libtorch that TorchSharp's <c>nn.functional</c> lacks, or offers with fewer arguments.</summary>
public static class Functional
{
    private static readonly Operator EmbeddingOp = new("aten::embedding");
    private static readonly Operator LayerNormOp = new("aten::native_layer_norm");
    private static readonly Operator EmbeddingBagOp = new("aten::embedding_bag");
    private static readonly Operator AttentionOp = new("aten::scaled_dot_product_attention");

    extension(nn.functional)
    {
        /// <summary>Rows of a table, under PyTorch's name: <c>F.embedding(ids, table)</c>.</summary>
        /// <param name="ids">Which rows: int64 of any shape.</param>
        /// <param name="table">[rows, width]</param>
        /// <returns>[…, width]</returns>
        public static Tensor embedding(Tensor ids, Tensor table) => EmbeddingOp.Call(table, ids, -1L, false, false);
    }

    /// <summary>Layer normalization over the last dimensions with the statistics that it computes on the way.</summary>
    /// <param name="x">[…, shape]</param>
    /// <param name="shape">The dimensions that are normalized.</param>
    /// <param name="weight">The scale, or null for 1.</param>
    /// <param name="bias">The shift, or null for 0.</param>
    /// <param name="eps">Is added to the variance.</param>
    /// <returns>The result, the mean and the reciprocal of the standard deviation, both [… , 1].</returns>
    public static (Tensor Output, Tensor Mean, Tensor ReciprocalStd) LayerNorm(Tensor x, long[] shape, Tensor? weight, Tensor? bias, double eps)
    {
        var results = LayerNormOp.CallMany(3, x, shape, OperatorArgument.Maybe(weight), OperatorArgument.Maybe(bias), eps);
        return (results[0], results[1], results[2]);
    }

    /// <summary>
    /// Weighted sums of rows of a table: for every bag of <paramref name="ids"/> [bags, k] the sum over k of weights
    /// [bags, k] times rows.
    /// </summary>
    /// <returns>[bags, width]</returns>
    public static Tensor EmbeddingBag(Tensor table, Tensor ids, Tensor weights)
    {
        using var scope = torch.NewDisposeScope();
        var offsets = torch.arange(0L, ids.numel(), ids.size(1), ScalarType.Int64, ids.device);
        var results = EmbeddingBagOp.CallMany(4, table, ids.reshape(-1), offsets, false, 0L, false,
            OperatorArgument.Some(weights.reshape(-1)), false);
        return scope.MoveToOuter(results[0]);
    }

    /// <summary>softmax(scale · Q Kᵀ + mask) V without holding the pattern (Dao et al. 2022, FlashAttention).</summary>
    /// <param name="q">[batch, query, head, d_head]</param>
    /// <param name="k">[batch, key, kv_head, d_head]; kv_head divides head, and each serves heads in a row.</param>
    /// <param name="v">[batch, key, kv_head, d_head]</param>
    /// <param name="mask">[batch or 1, head or 1, query or 1, key], bool, true where a query may look; or null.</param>
    /// <param name="causal">Whether the last query stands at the last key and none sees a later key.</param>
    /// <param name="scale">The factor of the scores.</param>
    /// <returns>[batch, query, head, d_head]; a query that may look nowhere gets zeros.</returns>
    public static Tensor Attention(Tensor q, Tensor k, Tensor v, Tensor? mask, bool causal, double scale)
    {
        using var scope = torch.NewDisposeScope();
        var (queries, keys) = (q.size(1), k.size(1));
        // libtorch's own causal mask lines up the first query with the first key; one query sees every key anyway.
        var own = causal && mask is null && queries == keys;
        if (causal && !own && queries > 1)
        {
            var visible = torch.ones([queries, keys], ScalarType.Bool, q.device).tril(keys - queries);
            mask = mask is null ? visible : mask & visible;
        }
        var grouped = q.size(2) != k.size(2);
        var z = AttentionOp.Call(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), OperatorArgument.Maybe(mask), 0.0,
            own, OperatorArgument.Some(scale), grouped);
        return scope.MoveToOuter(z.transpose(1, 2));
    }
}
