using Interp.Sae.Dictionaries.Sparse;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>The sparse autoencoder with an L1 penalty.</summary>
/// <remarks>
/// <code>
/// f = ReLU((x − b_dec) W_enc + b_enc)
/// x̂ = f W_dec + b_dec
/// L = mean ‖x − x̂‖² + λ mean Σᵢ fᵢ ‖W_dec,i‖
/// </code>
/// Bricken et al. 2023, with the penalty of Anthropic's update of April 2024. At the start the biases are 0, decoder
/// directions are random and of one length, and the encoder is the decoder transposed. Backward, with N inputs:
/// <code>
/// g = ∂L/∂x̂ = 2 (x̂ − x) / N
/// ∂L/∂z = (g W_decᵀ + λ ‖W_dec‖ / N) · 1[f &gt; 0]
/// ∂L/∂W_dec,i = Σ fᵢ g + λ / N Σ fᵢ · W_dec,i / ‖W_dec,i‖
/// ∂L/∂W_enc = (x − b_dec)ᵀ ∂L/∂z,  ∂L/∂b_enc = Σ ∂L/∂z,  ∂L/∂b_dec = Σ g − W_enc ∂L/∂b_enc
/// </code>
/// Where few features are on, as soon after the start, products are taken over those alone.
/// </remarks>
public sealed class StandardSae : SparseCoder
{
    /// <summary>
    /// Up to which share of features on sparse products are the faster ones; measured at d_in 512 and 768.
    /// </summary>
    private static readonly double SparseShare = DenseProduct.OneDnnIsFaster ? 0.075 : 0.2;

    /// <summary>
    /// Rows at once where many features are on: what larger batches need beside their features is bounded.
    /// </summary>
    private const int DenseRows = 4096;

    private readonly StandardOptions options;

    internal StandardSae(StandardOptions options, Generator generator) : base(options)
    {
        this.options = options;
        var decoder = Directions(DSae, DIn, options.DecoderInitNorm, generator);
        Parameter("W_enc", decoder.t().clone()); // [d_in, d_sae], a feature's weights side by side
        Parameter("b_enc", torch.zeros([DSae], device: generator.device));
        Parameter("W_dec", decoder);                  // [d_sae, d_in]
        Parameter("b_dec", torch.zeros([DIn], device: generator.device));
    }

    private protected override Tensor EncodeCore(Tensor x) =>
        (Product(Centered(x), this["W_enc"]) + this["b_enc"]).relu();

    private protected override DictionaryLoss LossCore(Tensor input, Tensor target, LossContext context)
    {
        var features = EncodeCore(input);
        var output = DecodeCore(features);
        var error = SquaredError(output, target);
        var weighted = options.ScaleByDecoderNorm ? features.MatMul(DecoderNorms()) : features.sum(-1);
        var sparsity = weighted.mean() * (options.L1Coefficient * context.SparsityScale);
        return new DictionaryLoss(error + sparsity, error, sparsity, Zero(), features, output);
    }

    private protected override TrainingStep StepCore(Tensor input, Tensor target, LossContext context)
    {
        var batch = input.size(0);
        var price = options.L1Coefficient * context.SparsityScale / batch; // λ / N
        var norms = options.ScaleByDecoderNorm ? DecoderNorms() : torch.ones([DSae], input.dtype);
        var centered = Centered(input);
        var sums = new GradientSums(this, centered);
        var features = DenseProduct.Linear(centered, this["W_enc"].t(), this["b_enc"], relu: true);
        var (output, total, fired) = SparseRows.Positive(features, SparseShare) is { } on
            ? Sparse(on, target, norms * price, sums)
            : Dense(features, target, norms * price, sums);
        if (options.ScaleByDecoderNorm)
            sums.Decoder.addcmul_((total * price / norms.clamp_min(1e-30)).unsqueeze(-1), this["W_dec"], 1);
        sums.Store();
        var error = SquaredError(output, target);
        var sparsity = total.dot(norms) * price;
        return new TrainingStep(error + sparsity, error, sparsity, Zero(), fired, output);
    }

    /// <returns>x̂, Σ fᵢ over the batch and how often each feature was on.</returns>
    private (Tensor Output, Tensor Total, Tensor Fired) Sparse(SparseRows on, Tensor target, Tensor penalty,
        GradientSums sums)
    {
        var output = on.MatMul(this["b_dec"], this["W_dec"]);
        var gradient = (output - target).mul_(2.0 / target.size(0));
        sums.Add(on, gradient, penalty);
        sums.DecoderBias.add_(gradient.sum([0]));
        return (output, torch.zeros([DSae], target.dtype).index_add_(0, on.Columns, on.Values), on.Counts);
    }

    /// <returns>As <see cref="Sparse"/>.</returns>
    private (Tensor Output, Tensor Total, Tensor Fired) Dense(Tensor features, Tensor target, Tensor penalty,
        GradientSums sums)
    {
        var output = torch.empty_like(target);
        var columns = torch.zeros([3, DSae], target.dtype); // Σ ∂L/∂z, Σ f, Σ 1[f > 0]
        for (var first = 0L; first < target.size(0); first += DenseRows)
        {
            using var scope = torch.NewDisposeScope();
            var rows = Math.Min(DenseRows, target.size(0) - first);
            var f = features.narrow(0, first, rows);
            var rebuilt = DenseProduct.Linear(f, this["W_dec"].t(), this["b_dec"]);
            output.narrow(0, first, rows).copy_(rebuilt);
            var gradient = rebuilt.sub_(target.narrow(0, first, rows)).mul_(2.0 / target.size(0));
            var z = DenseProduct.Linear(gradient, this["W_dec"]);
            ReluBackward.InPlace(z, f, penalty, columns);
            sums.Add(first, f, gradient, z);
            sums.DecoderBias.add_(gradient.sum([0]));
        }

        sums.EncoderBias.copy_(columns[0]);
        return (output, columns[1], columns[2].to(ScalarType.Int64));
    }
}
