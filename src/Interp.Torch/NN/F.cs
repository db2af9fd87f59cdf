using Interp.Torch.Engine;

namespace Interp.Torch;

/// <summary>The functions of neural networks, PyTorch's <c>torch.nn.functional</c>.</summary>
public static partial class F
{
    private static readonly Operator LinearOp = Operator.Get("aten::linear");
    private static readonly Operator EmbeddingOp = Operator.Get("aten::embedding");
    private static readonly Operator LayerNormOp = Operator.Get("aten::layer_norm");
    private static readonly Operator NativeLayerNormOp = Operator.Get("aten::native_layer_norm");
    private static readonly Operator CrossEntropyOp = Operator.Get("aten::cross_entropy_loss");
    private static readonly Operator MseOp = Operator.Get("aten::mse_loss");
    private static readonly Operator OneHotOp = Operator.Get("aten::one_hot");
    private static readonly Operator SoftplusOp = Operator.Get("aten::softplus");
    private static readonly Operator FusedAttentionOp = Operator.Get("interp::attention");
    private static readonly Operator ScaledAttentionOp = Operator.Get("aten::scaled_dot_product_attention");
    private static readonly Operator PadOp = Operator.Get("aten::constant_pad_nd");
    private static readonly Operator EmbeddingBagOp = Operator.Get("aten::embedding_bag");

    /// <summary>What a loss does with the losses of single elements.</summary>
    public enum Reduction
    {
        /// <summary>Returns them all.</summary>
        None = 0,

        /// <summary>Their mean.</summary>
        Mean = 1,

        /// <summary>Their sum.</summary>
        Sum = 2,
    }

    /// <summary>x Wᵀ + b, the weight [out, in] as PyTorch stores it.</summary>
    public static Tensor linear(Tensor x, Tensor weight, Tensor? bias = null) => LinearOp.Call(x, weight, bias);

    /// <summary>Rows of a table [entries, width].</summary>
    public static Tensor embedding(Tensor table, Tensor ids) => EmbeddingOp.Call(table, ids);

    /// <summary>(x − mean) / √(variance + eps) · w + b over the last dimensions.</summary>
    public static Tensor layer_norm(Tensor x, long[] shape, Tensor? weight = null, Tensor? bias = null,
        double eps = 1e-5) =>
        LayerNormOp.Call(x, shape, weight, bias, eps);

    /// <summary>As <see cref="layer_norm"/>, with the mean and one over the standard deviation of every row.</summary>
    public static (Tensor output, Tensor mean, Tensor rstd) native_layer_norm(Tensor x, long[] shape, Tensor? weight,
        Tensor? bias, double eps) =>
        NativeLayerNormOp.CallTriple(x, shape, weight, bias, eps);

    /// <summary>−log softmax(logits)[target]; logits [N, classes, …].</summary>
    /// <param name="logits">Any numbers.</param>
    /// <param name="target">Classes [N, …] as integers, or probabilities of the logits' shape as floats.</param>
    /// <param name="reduction">What is returned.</param>
    /// <param name="ignoreIndex">Targets that do not count.</param>
    /// <param name="labelSmoothing">How much of a target's probability is spread over all classes.</param>
    /// <param name="weight">A factor for each class.</param>
    public static Tensor cross_entropy(Tensor logits, Tensor target, Reduction reduction = Reduction.Mean,
        long ignoreIndex = -100, double labelSmoothing = 0, Tensor? weight = null) =>
        CrossEntropyOp.Call(logits, target, weight, (long)reduction, ignoreIndex, labelSmoothing);

    /// <summary>(a − b)².</summary>
    public static Tensor mse_loss(Tensor a, Tensor b, Reduction reduction = Reduction.Mean) =>
        MseOp.Call(a, b, (long)reduction);

    /// <summary>Integers as vectors with a single 1.</summary>
    public static Tensor one_hot(Tensor ids, long classes = -1) => OneHotOp.Call(ids, classes);

    /// <summary>log(1 + exp(x)).</summary>
    public static Tensor softplus(Tensor x) => SoftplusOp.Call(x);

    /// <summary>A constant around a tensor: (left, right) of the last dimension, then of the one before …</summary>
    public static Tensor pad(Tensor x, long[] widths, Scalar value) => PadOp.Call(x, widths, value);

    /// <summary>
    /// Weighted sums of rows of a table: for every bag of <paramref name="ids"/> [bags, k] the sum over k of
    /// weights [bags, k] times rows; a sparse matrix product.
    /// </summary>
    public static Tensor embedding_bag(Tensor table, Tensor ids, Tensor weights)
    {
        var bags = ids.size(0);
        using var offsets = torch.arange(0L, bags * ids.size(1), ids.size(1), ScalarType.Int64, ids.device);
        using var flat = ids.reshape(-1);
        using var factors = weights.reshape(-1);
        var results = EmbeddingBagOp.CallTensors(table, flat, offsets, false, 0L, false, factors);
        foreach (var extra in results.AsSpan(1)) extra?.Dispose();
        return results[0]!;
    }

    /// <summary>
    /// softmax(scale · Q Kᵀ + mask) V without holding the pattern [batch, heads, queries, keys] in memory.
    /// </summary>
    /// <param name="q">[batch, queries, heads, d_head]</param>
    /// <param name="k">[batch, keys, kv_heads, d_head]; kv_heads divides heads.</param>
    /// <param name="v">[batch, keys, kv_heads, d_head]</param>
    /// <param name="mask">Bool, true where a query may look; broadcasts to [batch, heads,
    /// queries, keys]. Or null.</param>
    /// <param name="causal">Query i, at position keys − queries + i, sees no later key.</param>
    /// <param name="scale">The factor of the scores, usually 1 / √d_head.</param>
    /// <returns>[batch, queries, heads, d_head]; zeros for a query that may look nowhere.</returns>
    /// <remarks>
    /// libtorch 2.1 and later bring a fused kernel; before that the engine's own is used on the CPU. Gradients flow
    /// only through the former: see <see cref="fused_attention_supports"/>.
    /// </remarks>
    public static Tensor fused_attention(Tensor q, Tensor k, Tensor v, Tensor? mask, bool causal, double scale)
    {
        if (FusedAttentionOp.Exists) return FusedAttentionOp.Call(q, k, v, mask, causal, scale);
        // Kernels of libtorch differ in what they make of no keys at all.
        if (q.numel() == 0 || k.size(1) == 0) return torch.zeros_like(q);
        using var scope = torch.NewDisposeScope();
        var heads = q.size(2);
        var queries = q.size(1);
        var keys = k.size(1);
        var repeats = heads / k.size(2);
        var (qh, kh, vh) = (q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2));
        if (repeats > 1) (kh, vh) = (kh.repeat_interleave(repeats, 1), vh.repeat_interleave(repeats, 1));
        // libtorch aligns its causal triangle at the first key, so other cases are written as a mask.
        var plainCausal = causal && queries == keys && mask is null;
        var allowed = mask;
        if (causal && !plainCausal)
        {
            var triangle = torch.ones([queries, keys], ScalarType.Bool, q.device).tril(keys - queries);
            allowed = mask is null ? triangle : mask & triangle;
        }
        var z = ScaledAttentionOp.Call(qh, kh, vh, allowed, 0.0, plainCausal, scale);
        if (mask is not null) z = z.masked_fill(~allowed!.any(-1, true), 0.0);
        return z.transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Whether <see cref="fused_attention"/> can be used:
    /// not with gradients on an old libtorch, nor there off the CPU.
    /// </summary>
    public static bool fused_attention_supports(Tensor q, bool gradients) =>
        FusedAttentionOp.Exists
            ? !gradients && q.device.Type == DeviceType.CPU && q.dtype == ScalarType.Float32
            : ScaledAttentionOp.Exists;
}
