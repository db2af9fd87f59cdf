using Interp.Torch;

namespace Interp.Sae.Dictionaries;

/// <summary>The sparse autoencoder with an L1 penalty.</summary>
/// <remarks>
/// <code>
/// f = ReLU((x − b_dec) W_enc + b_enc)
/// x̂ = f W_dec + b_dec
/// L = mean ‖x − x̂‖² + λ mean Σᵢ fᵢ ‖W_dec,i‖
/// </code>
/// Bricken et al. 2023, with the penalty of Anthropic's update of April 2024. At the start the biases are 0, decoder
/// directions are random and of one length, and the encoder is the decoder transposed.
/// </remarks>
public sealed class StandardSae : SparseCoder
{
    private readonly StandardOptions options;

    internal StandardSae(StandardOptions options, Generator generator) : base(options)
    {
        this.options = options;
        var decoder = Directions(DSae, DIn, options.DecoderInitNorm, generator);
        Parameter("W_enc", decoder.t().contiguous()); // [d_in, d_sae]
        Parameter("b_enc", torch.zeros([DSae], device: generator.Device));
        Parameter("W_dec", decoder);                  // [d_sae, d_in]
        Parameter("b_dec", torch.zeros([DIn], device: generator.Device));
    }

    private protected override Tensor EncodeCore(Tensor x) =>
        (Centered(x).matmul(this["W_enc"]) + this["b_enc"]).relu();

    private protected override DictionaryLoss LossCore(Tensor input, Tensor target, LossContext context)
    {
        var features = EncodeCore(input);
        var output = DecodeCore(features);
        var error = SquaredError(output, target);
        var weighted = options.ScaleByDecoderNorm ? features.matmul(DecoderNorms()) : features.sum(-1);
        var sparsity = weighted.mean() * (options.L1Coefficient * context.SparsityScale);
        return new DictionaryLoss(error + sparsity, error, sparsity, Zero(), features, output);
    }
}
