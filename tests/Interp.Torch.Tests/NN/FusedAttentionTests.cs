namespace Interp.Torch.Tests.NN;

/// <summary>Fused attention against softmax(scale · Q Kᵀ + mask) V written out.</summary>
public class FusedAttentionTests
{
    [Theory]
    [InlineData(1, 7, 7, 2, 2, 8, true)]
    [InlineData(1, 7, 7, 2, 2, 8, false)]
    [InlineData(3, 65, 65, 4, 4, 16, true)]
    [InlineData(2, 130, 130, 4, 2, 5, true)]
    [InlineData(2, 33, 33, 6, 1, 7, false)]
    [InlineData(2, 1, 50, 4, 2, 8, true)]
    [InlineData(1, 5, 70, 3, 3, 1, true)]
    [InlineData(2, 9, 4, 2, 2, 3, false)]
    [InlineData(1, 64, 128, 2, 2, 64, true)]
    public void It_is_attention(long batch, long queries, long keys, long heads, long kvHeads, long width, bool causal)
    {
        var (q, k, v) = Inputs(batch, queries, keys, heads, kvHeads, width);
        var scale = 1 / Math.Sqrt(width);
        Check(Plain(q, k, v, null, causal, scale), Fused(q, k, v, null, causal, scale));
    }

    [Theory]
    [InlineData(2, 4, 20, 20)]
    [InlineData(2, 1, 20, 20)]
    [InlineData(1, 4, 1, 20)]
    [InlineData(1, 1, 1, 20)]
    public void Masks_are_broadcast(long batch, long heads, long queries, long keys)
    {
        var (q, k, v) = Inputs(2, 20, 20, 4, 2, 8);
        var mask = Make.Normal(9, batch, heads, queries, keys) > -0.5;
        foreach (var causal in new[] { false, true })
            Check(Plain(q, k, v, mask, causal, 0.3), Fused(q, k, v, mask, causal, 0.3));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_query_that_may_look_nowhere_gets_zeros(bool causal)
    {
        var (q, k, v) = Inputs(2, 10, 10, 2, 2, 4);
        // Left padding: the first three keys of the second row are not there.
        var mask = torch.ones([2, 1, 1, 10], ScalarType.Bool, TestDevice.Current);
        mask.fill_(false, 1, TensorIndex.Ellipsis, ..3);
        if (!causal) mask.fill_(false, 1);
        var z = Fused(q, k, v, mask, causal, 0.5);
        Assert.True(z.isfinite().all().item<bool>());
        Assert.Equal(0, z[1, ..(causal ? 3 : 10)].abs().max().item<float>());
        Check(Plain(q, k, v, mask, causal, 0.5), z);
    }

    [Fact]
    public void Views_of_one_fused_tensor_are_read_in_place()
    {
        var qkv = Make.Normal(1, 2, 12, 3, 4, 8);
        var parts = qkv.unbind(2);
        Check(Plain(parts[0], parts[1], parts[2], null, true, 0.35), Fused(parts[0], parts[1], parts[2], null, true,
            0.35));
        // A cache with room at its end: the first 12 of 20 positions.
        var cache = Make.Normal(2, 2, 20, 4, 8);
        Check(Plain(parts[0], cache[.., ..12], cache[.., ..12], null, true, 0.35),
            Fused(parts[0], cache[.., ..12], cache[.., ..12], null, true, 0.35));
    }

    [Fact]
    public void Large_scores_do_not_overflow()
    {
        var (q, k, v) = Inputs(1, 8, 8, 1, 1, 4);
        Check(Plain(q * 100, k * 100, v, null, true, 1), Fused(q * 100, k * 100, v, null, true, 1));
    }

    [Fact]
    public void Tensors_without_elements_give_tensors_without_elements()
    {
        var (q, k, v) = Inputs(2, 0, 3, 2, 2, 4);
        if (!F.fused_attention_supports(q, gradients: false)) return;
        Assert.Equal([2, 0, 2, 4], F.fused_attention(q, k, v, null, true, 1).shape);
        (q, k, v) = Inputs(2, 3, 0, 2, 2, 4);
        Assert.Equal(0, F.fused_attention(q, k, v, null, false, 1).abs().sum().item<float>());
    }

    [Fact]
    public void Shapes_that_do_not_go_together_are_errors()
    {
        if (!Operator.Get("interp::attention").Exists) return;
        var (q, k, v) = Inputs(1, 4, 4, 4, 2, 8);
        Error("expected q", q[0], k, v);
        Error("does not go with", q, k[.., .., .., ..4], v[.., .., .., ..4]);
        Error("does not go with", q[.., .., ..3], k, v);
        Error("expected q", q, k, v[.., ..2]);
        Error("float32", q.@double(), k.@double(), v.@double());
        Error("dense last dimension", q.transpose(2, 3).contiguous().transpose(2, 3), k, v);
        Error("queries", q, k[.., ..3], v[.., ..3]);
        Assert.Throws<TorchException>(() => F.fused_attention(q, k, v, torch.ones([1, 1, 4, 5], ScalarType.Bool),
            true, 1));
        Assert.Contains("bool", Assert.Throws<TorchException>(
            () => F.fused_attention(q, k, v, torch.ones([1, 1, 4, 4]), true, 1)).Message);

        static void Error(string expected, Tensor q, Tensor k, Tensor v) =>
            Assert.Contains(expected, Assert.Throws<TorchException>(() => F.fused_attention(q, k, v, null, true,
                1)).Message);
    }

    private static Tensor Fused(Tensor q, Tensor k, Tensor v, Tensor? mask, bool causal, double scale) =>
        F.fused_attention_supports(q, gradients: false)
            ? F.fused_attention(q, k, v, mask, causal, scale)
            : F.fused_attention(q.cpu(), k.cpu(), v.cpu(), mask?.cpu(), causal, scale).to(q.device);

    private static void Check(Tensor expected, Tensor actual) => AssertTensor.Close(expected, actual, 2e-5, 1e-4);

    private static (Tensor, Tensor, Tensor) Inputs(long batch, long queries, long keys, long heads, long kvHeads,
        long width) =>
        (Make.Normal(1, batch, queries, heads, width), Make.Normal(2, batch, keys, kvHeads, width),
            Make.Normal(3, batch, keys, kvHeads, width));

    private static Tensor Plain(Tensor q, Tensor k, Tensor v, Tensor? mask, bool causal, double scale)
    {
        var repeats = q.size(2) / k.size(2);
        (k, v) = (k.repeat_interleave(repeats, 2), v.repeat_interleave(repeats, 2));
        var scores = torch.einsum("bqhd,bkhd->bhqk", q, k) * scale;
        var allowed = torch.ones([q.size(1), k.size(1)], ScalarType.Bool, q.device);
        if (causal) allowed = allowed.tril(k.size(1) - q.size(1));
        if (mask is not null) allowed = allowed & mask;
        var pattern = scores.masked_fill(~allowed, double.NegativeInfinity).softmax(-1).nan_to_num();
        return torch.einsum("bhqk,bkhd->bqhd", pattern, v);
    }
}
