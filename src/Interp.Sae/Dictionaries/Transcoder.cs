using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>Sparse features that compute what an MLP computes: they read its input and rebuild its output.</summary>
/// <remarks>
/// <code>
/// z = x W_enc + b_enc
/// f = ReLU(z), or ReLU(TopK(z)) with k, or ReLU(z) · 1[z &gt; θ] with thresholds
/// ŷ = f W_dec + b_dec (+ x W_skipᵀ)
/// L = mean ‖y − ŷ‖² + λ mean Σᵢ fᵢ   (no second term with k)
/// </code>
/// Dunefsky, Chlenski and Nanda 2024 (arXiv 2406.11944); the skip connection and the start, with decoder and skip 0 and
/// encoder directions of unit length, are those of Paulo et al. 2025 (arXiv 2501.18823) and EleutherAI's sparsify.
/// </remarks>
public sealed class Transcoder : SparseCoder
{
    private readonly TranscoderOptions options;

    internal Transcoder(TranscoderOptions options, Generator generator) : base(options)
    {
        this.options = options;
        Parameter("W_enc", Directions(DSae, DIn, 1, generator).t().contiguous());
        Parameter("b_enc", torch.zeros([DSae], device: generator.device));
        Parameter("W_dec", torch.zeros([DSae, options.DOut], device: generator.device));
        Parameter("b_dec", torch.zeros([options.DOut], device: generator.device));
        if (options.JumpRelu) Buffer("threshold", torch.zeros([DSae], device: generator.device));
        if (options.Skip) Parameter("W_skip", torch.zeros([options.DOut, DIn], device: generator.device));
    }

    /// <inheritdoc/>
    public override long[] OutputShape => [options.DOut];

    private protected override Tensor EncodeCore(Tensor x)
    {
        var z = Product(x, this["W_enc"]) + this["b_enc"];
        if (options.JumpRelu) return z.relu() * z.gt(this["threshold"]).to(z.dtype);
        if (options.K is not { } k) return z.relu();
        var (values, indices) = z.topk(k, -1, true, false);
        return torch.zeros_like(z).scatter(-1, indices, values.relu());
    }

    private protected override Tensor RebuildCore(Tensor features, Tensor x) => Output(features, x);

    private protected override DictionaryLoss LossCore(Tensor input, Tensor target, LossContext context)
    {
        var features = EncodeCore(input);
        var output = Output(features, input);
        var error = SquaredError(output, target);
        var sparsity = options.K is null ? features.sum(-1).mean() * (options.L1Coefficient * context.SparsityScale)
            : Zero();
        return new DictionaryLoss(error + sparsity, error, sparsity, Zero(), features, output);
    }

    private protected override void FoldNorms(Tensor norms)
    {
        if (options.K is not null)
            throw new InvalidOperationException("folding decoder norms would change which features are the strongest");
        base.FoldNorms(norms);
        if (options.JumpRelu) this["threshold"].mul_(norms);
    }

    private protected override void FoldScaleCore(Tensor input, Tensor output)
    {
        base.FoldScaleCore(input, output);
        if (options.Skip) this["W_skip"].mul_(input / output);
    }

    private Tensor Output(Tensor features, Tensor x) =>
        options.Skip ? DecodeCore(features) + Product(x, this["W_skip"].t()) : DecodeCore(features);
}
