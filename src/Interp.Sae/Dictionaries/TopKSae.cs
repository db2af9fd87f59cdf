using Interp.Torch;

namespace Interp.Sae.Dictionaries;

/// <summary>A sparse autoencoder in which exactly the k strongest features of every input may be on.</summary>
/// <remarks>
/// <code>
/// z = (x − b_dec) W_enc + b_enc
/// f = ReLU(TopK(z))
/// x̂ = f W_dec + b_dec
/// L = mean ‖x − x̂‖² + α mean ‖e − ê‖²,   e = x − x̂ (no gradient),   ê = ReLU(TopK(z of dead features)) W_dec
/// </code>
/// Gao et al. 2024 (arXiv 2406.04093). With <see cref="TopKOptions.RescaleByDecoderNorm"/> z is multiplied by ‖W_dec,i‖
/// and the decoder uses unit directions; <see cref="SparseCoder.FoldDecoderNorms"/> takes that into the weights. The
/// reconstruction in training gathers k decoder rows for each input instead of multiplying by mostly zeros.
/// </remarks>
public class TopKSae : SparseCoder
{
    internal TopKSae(TopKOptions options, Generator generator) : base(options)
    {
        var decoder = Directions(DSae, DIn, options.DecoderInitNorm, generator);
        Parameter("W_enc", decoder.t().contiguous());
        Parameter("b_enc", torch.zeros([DSae], device: generator.Device));
        Parameter("W_dec", decoder);
        Parameter("b_dec", torch.zeros([DIn], device: generator.Device));
    }

    /// <summary>The options of this kind.</summary>
    public TopKOptions TopK => (TopKOptions)Options;

    private protected override Tensor EncodeCore(Tensor x)
    {
        var (values, indices) = PreActivations(x).topk(TopK.K, -1, true, false);
        return Spread(values.relu(), indices, x);
    }

    private protected override Tensor DecodeCore(Tensor features) =>
        (TopK.RescaleByDecoderNorm ? features / SafeNorms() : features).matmul(this["W_dec"]) + this["b_dec"];

    private protected override DictionaryLoss LossCore(Tensor input, Tensor target, LossContext context)
    {
        var z = PreActivations(input);
        var (values, indices) = z.topk(TopK.K, -1, true, false); // [batch, k]
        values = values.relu();
        var shares = TopK.RescaleByDecoderNorm ? values / SafeNorms().index_select(0, indices.flatten()).view_as(values)
            : values;
        var output = F.embedding_bag(this["W_dec"], indices, shares) + this["b_dec"];
        var error = SquaredError(output, target);
        var auxiliary = Revive(z, target - output.detach(), context.Dead);
        return new DictionaryLoss(error + auxiliary, error, Zero(), auxiliary, Spread(values.detach(), indices, input),
            output);
    }

    private protected override void FoldNorms(Tensor norms)
    {
        if (!TopK.RescaleByDecoderNorm)
            throw new InvalidOperationException(
                "folding decoder norms would change which features are the strongest; this dictionary compares them "
                    + "without norms");
        base.FoldNorms(norms);
        Options = TopK with { RescaleByDecoderNorm = false };
    }

    /// <summary>Lengths that change with the scale must not go on deciding which features are the strongest.</summary>
    private protected override void FoldScaleCore(Tensor input, Tensor output)
    {
        if (TopK.RescaleByDecoderNorm) FoldNorms(SafeNorms());
        base.FoldScaleCore(input, output);
    }

    private protected Tensor PreActivations(Tensor x)
    {
        var z = Centered(x).matmul(this["W_enc"]) + this["b_enc"];
        return TopK.RescaleByDecoderNorm ? z * DecoderNorms() : z;
    }

    /// <summary>The strongest dead features rebuild what the others leave, so that they learn to be of use.</summary>
    private protected Tensor Revive(Tensor z, Tensor left, Tensor? dead)
    {
        if (dead is null || TopK.AuxCoefficient == 0) return Zero();
        var wanted = TopK.KAux ?? Math.Max(DIn / 2, 1);
        var count = (int)Math.Min(wanted, dead.sum().item<long>());
        if (count == 0) return Zero();
        var (values, indices) = z.masked_fill(dead.logical_not(), double.NegativeInfinity).topk(count, -1, true, false);
        var shares = values.relu();
        if (TopK.RescaleByDecoderNorm) shares = shares / SafeNorms().index_select(0, indices.flatten()).view_as(shares);
        // Few dead features are not to outweigh everything else (SAELens).
        return SquaredError(F.embedding_bag(this["W_dec"], indices, shares),
            left) * (TopK.AuxCoefficient * count / wanted);
    }

    private protected Tensor SafeNorms()
    {
        var norms = DecoderNorms();
        return torch.where(norms.eq(0), 1.0, norms);
    }

    private Tensor Spread(Tensor values, Tensor indices, Tensor like)
    {
        var shape = like.shape[..^1].Append(DSae).ToArray();
        return torch.zeros(shape, values.dtype, values.device).scatter(-1, indices, values);
    }
}
