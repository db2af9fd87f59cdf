using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

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
/// reconstruction in training gathers k decoder rows for each input instead of multiplying by mostly zeros. Backward,
/// with N inputs:
/// <code>
/// g = ∂L/∂x̂ = 2 (x̂ − x) / N        g′ = ∂L/∂ê = 2 α (ê − e) / N
/// ∂L/∂z = g W_decᵀ where f is on + g′ W_decᵀ where a dead feature is on
/// ∂L/∂W_enc = (x − b_dec)ᵀ ∂L/∂z,  ∂L/∂b_enc = Σ ∂L/∂z,  ∂L/∂b_dec = Σ g − W_enc ∂L/∂b_enc
/// </code>
/// Norms choose, but leave no derivative: what they multiply in they
/// divide out.
/// </remarks>
public class TopKSae : SparseCoder
{
    internal TopKSae(TopKOptions options, Generator generator) : base(options)
    {
        var decoder = Directions(DSae, DIn, options.DecoderInitNorm, generator);
        Parameter("W_enc", decoder.t().clone()); // a feature's weights side by side
        Parameter("b_enc", torch.zeros([DSae], device: generator.device));
        Parameter("W_dec", decoder);
        Parameter("b_dec", torch.zeros([DIn], device: generator.device));
    }

    /// <summary>The options of this kind.</summary>
    public TopKOptions TopK => (TopKOptions)Options;

    private protected override Tensor EncodeCore(Tensor x)
    {
        var (values, indices) = PreActivations(x).topk(TopK.K, -1, true, false);
        return Spread(values.relu(), indices, x);
    }

    private protected override Tensor DecodeCore(Tensor features) =>
        Product(TopK.RescaleByDecoderNorm ? features / SafeNorms() : features, this["W_dec"]) + this["b_dec"];

    private protected override DictionaryLoss LossCore(Tensor input, Tensor target, LossContext context)
    {
        var z = PreActivations(input);
        var (values, indices) = z.topk(TopK.K, -1, true, false); // [batch, k]
        values = values.relu();
        var shares = TopK.RescaleByDecoderNorm ? values / SafeNorms().index_select(0, indices.flatten()).view_as(values)
            : values;
        var output = Functional.EmbeddingBag(this["W_dec"], indices, shares) + this["b_dec"];
        var error = SquaredError(output, target);
        var auxiliary = Revive(z, target - output.detach(), context.Dead);
        return new DictionaryLoss(error + auxiliary, error, Zero(), auxiliary, Spread(values.detach(), indices, input),
            output);
    }

    private protected override TrainingStep StepCore(Tensor input, Tensor target, LossContext context)
    {
        var centered = Centered(input);
        var sums = new GradientSums(this, centered);
        var a = DenseProduct.Linear(centered, this["W_enc"].t(), this["b_enc"]);
        var norms = TopK.RescaleByDecoderNorm ? DecoderNorms() : null;
        var on = Choose(a, norms);
        var (errors, left) = Rebuild(on, target, sums);
        var auxiliary = ReviveByHand(a, norms, left, context.Dead, sums);
        sums.Store();
        var inner = errors.SkipLast(1).Aggregate(auxiliary, (sum, error) => sum + error);
        return new TrainingStep(errors[^1] + inner, errors[^1], Zero(), inner, on.Counts, left + target);
    }

    /// <summary>The features that are on: those of a with the largest a · norm.</summary>
    private protected virtual SparseRows Choose(Tensor a, Tensor? norms) => SparseRows.Top(a, norms, TopK.K, false);

    /// <summary>The sizes of the dictionaries within that must rebuild the input too, itself the last.</summary>
    private protected virtual IReadOnlyList<int> Prefixes => [DSae];

    /// <summary>
    /// Rebuilds from every prefix of the dictionary; a feature has a part in the errors of all prefixes that hold it.
    /// </summary>
    /// <returns>The squared error of each prefix, and x̂ − x of the whole.</returns>
    private (List<Tensor> Errors, Tensor Left) Rebuild(SparseRows on, Tensor target, GradientSums sums)
    {
        var parts = Prefixes.Select((end, i) => on.Between(i == 0 ? 0 : Prefixes[i - 1], end)).ToList();
        var left = new List<Tensor>();
        foreach (var part in parts)
        {
            left.Add(left.Count == 0 ? this["b_dec"] - target : left[^1].clone());
            part.AddMatMul(left[^1], this["W_dec"]);
        }

        var gradient = torch.zeros_like(target); // of this prefix and all wider ones
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            gradient.add_(left[i], 2.0 / target.size(0));
            sums.Add(parts[i], gradient);
        }

        sums.DecoderBias.add_(gradient.sum([0]));
        return (left.ConvertAll(l => l.square().sum(1).mean()), left[^1]);
    }

    private Tensor ReviveByHand(Tensor a, Tensor? norms, Tensor left, Tensor? dead, GradientSums sums)
    {
        if (dead is null || TopK.AuxCoefficient == 0) return Zero();
        var which = dead.nonzero().flatten();
        var (wanted, count) = AuxCounts(which.size(0));
        if (count == 0) return Zero();
        var on = SparseRows.Top(a.index_select(1, which), norms?.index_select(0, which), count, false);
        on = on with { Columns = which.index_select(0, on.Columns), Width = DSae };
        var rest = left.clone(); // ê − e, as e = x − x̂
        on.AddMatMul(rest, this["W_dec"]);
        var weight = TopK.AuxCoefficient * count / wanted;
        sums.Add(on, rest * (2 * weight / left.size(0)));
        return rest.square().sum(1).mean() * weight;
    }

    private (int Wanted, int Count) AuxCounts(long dead)
    {
        var wanted = TopK.KAux ?? Math.Max(DIn / 2, 1);
        return (wanted, (int)Math.Min(wanted, dead));
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
        var z = Product(Centered(x), this["W_enc"]) + this["b_enc"];
        return TopK.RescaleByDecoderNorm ? z * DecoderNorms() : z;
    }

    /// <summary>The strongest dead features rebuild what the others leave, so that they learn to be of use.</summary>
    private protected Tensor Revive(Tensor z, Tensor left, Tensor? dead)
    {
        if (dead is null || TopK.AuxCoefficient == 0) return Zero();
        var (wanted, count) = AuxCounts(dead.sum().ToInt64());
        if (count == 0) return Zero();
        var (values, indices) = z.masked_fill(dead.logical_not(), double.NegativeInfinity).topk(count, -1, true, false);
        var shares = values.relu();
        if (TopK.RescaleByDecoderNorm) shares = shares / SafeNorms().index_select(0, indices.flatten()).view_as(shares);
        // Few dead features are not to outweigh everything else (SAELens).
        return SquaredError(Functional.EmbeddingBag(this["W_dec"], indices, shares),
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
