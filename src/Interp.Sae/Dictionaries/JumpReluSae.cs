using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>A sparse autoencoder in which every feature has a threshold of its own, and only that is
/// penalized.</summary>
/// <remarks>
/// <code>
/// z = (x − b_dec) W_enc + b_enc
/// f = z · 1[z &gt; θ]
/// x̂ = f W_dec + b_dec
/// step: L = mean ‖x − x̂‖² + λ mean Σᵢ 1[zᵢ &gt; θᵢ]
/// tanh: L = mean ‖x − x̂‖² + λ mean Σᵢ tanh(c fᵢ ‖W_dec,i‖) + p mean Σ over dead of ReLU(θ − z) ‖W_dec,i‖
/// </code>
/// Rajamanoharan et al. 2024 (arXiv 2407.14435); the tanh penalty is Anthropic's of January 2025. θ is trained itself,
/// not its logarithm: Adam's steps on a logarithm hardly move small thresholds.
/// </remarks>
public sealed class JumpReluSae : SparseCoder
{
    private readonly JumpReluOptions options;

    internal JumpReluSae(JumpReluOptions options, Generator generator) : base(options)
    {
        this.options = options;
        var decoder = Directions(DSae, DIn, options.DecoderInitNorm, generator);
        Parameter("W_enc", decoder.t().contiguous());
        Parameter("b_enc", torch.zeros([DSae], device: generator.device));
        Parameter("W_dec", decoder);
        Parameter("b_dec", torch.zeros([DIn], device: generator.device));
        Parameter("threshold", torch.full([DSae], options.InitialThreshold, ScalarType.Float32, generator.device));
    }

    private protected override Tensor EncodeCore(Tensor x) => Jump(PreActivations(x), this["threshold"].relu());

    private protected override DictionaryLoss LossCore(Tensor input, Tensor target, LossContext context)
    {
        var threshold = this["threshold"].relu(); // a step of the optimizer can carry it below 0
        var z = PreActivations(input);
        var features = Jump(z, threshold);
        var output = DecodeCore(features);
        var error = SquaredError(output, target);
        var sparsity = Penalty(z, features, threshold) * (options.L0Coefficient * context.SparsityScale);
        var auxiliary = PullBack(z, threshold, context.Dead);
        return new DictionaryLoss(error + sparsity + auxiliary, error, sparsity, auxiliary, features, output);
    }

    private protected override void FoldNorms(Tensor norms)
    {
        base.FoldNorms(norms);
        this["threshold"].mul_(norms);
    }

    private Tensor PreActivations(Tensor x) => Product(Centered(x), this["W_enc"]) + this["b_enc"];

    private Tensor Jump(Tensor z, Tensor threshold) => new JumpRelu(options.Bandwidth).Apply(z, threshold)[0];

    private Tensor Penalty(Tensor z, Tensor features, Tensor threshold) => options.Penalty switch
    {
        JumpReluPenalty.Step => new HeavisideStep(options.Bandwidth).Apply(z, threshold)[0].sum(-1).mean(),
        _ => (features * DecoderNorms() * options.TanhScale).tanh().sum(-1).mean(),
    };

    private Tensor PullBack(Tensor z, Tensor threshold, Tensor? dead)
    {
        if (dead is null || options.Penalty != JumpReluPenalty.Tanh
            || options.PreActivationCoefficient == 0) return Zero();
        var below = (threshold - z).relu() * dead.to(z.dtype) * DecoderNorms();
        return below.sum(-1).mean() * options.PreActivationCoefficient;
    }
}
