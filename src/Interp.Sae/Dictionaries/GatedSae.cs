using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>A sparse autoencoder that decides apart which features are on and how strong they are.</summary>
/// <remarks>
/// Problem: an L1 penalty also shrinks the activations that should be there. Idea: penalize only the gate.
/// <code>
/// a = (x − b_dec) W_enc
/// π = a + b_gate
/// f = 1[π &gt; 0] · ReLU(a · exp(r_mag) + b_mag)
/// x̂ = f W_dec + b_dec
/// L = mean ‖x − x̂‖² + λ mean Σᵢ ReLU(πᵢ) ‖W_dec,i‖ + mean ‖x − (ReLU(π) sg(W_dec) + sg(b_dec))‖²
/// </code>
/// Rajamanoharan et al. 2024 (arXiv 2404.16014). The last term trains the gate, which has no derivative otherwise;
/// sg stops gradients, as in the paper (SAELens 6 lets them through).
/// </remarks>
public sealed class GatedSae : SparseCoder
{
    private readonly GatedOptions options;

    internal GatedSae(GatedOptions options, Generator generator) : base(options)
    {
        this.options = options;
        var decoder = Directions(DSae, DIn, options.DecoderInitNorm, generator);
        Parameter("W_enc", decoder.t().contiguous());
        Parameter("b_gate", torch.zeros([DSae], device: generator.device));
        Parameter("b_mag", torch.zeros([DSae], device: generator.device));
        Parameter("r_mag", torch.zeros([DSae], device: generator.device));
        Parameter("W_dec", decoder);
        Parameter("b_dec", torch.zeros([DIn], device: generator.device));
    }

    private protected override Tensor EncodeCore(Tensor x) => Gate(x).Features;

    private protected override DictionaryLoss LossCore(Tensor input, Tensor target, LossContext context)
    {
        var (features, gate) = Gate(input);
        var output = DecodeCore(features);
        var error = SquaredError(output, target);
        var open = gate.relu();
        var weighted = options.ScaleByDecoderNorm ? open.MatMul(DecoderNorms()) : open.sum(-1);
        var sparsity = weighted.mean() * (options.L1Coefficient * context.SparsityScale);
        var auxiliary = SquaredError(Product(open, this["W_dec"].detach()) + this["b_dec"].detach(), target);
        return new DictionaryLoss(error + sparsity + auxiliary, error, sparsity, auxiliary, features, output);
    }

    private protected override void FoldNorms(Tensor norms)
    {
        this["W_enc"].mul_(norms);
        this["b_gate"].mul_(norms);
        this["b_mag"].mul_(norms);
        this["W_dec"].div_(norms.unsqueeze(-1));
    }

    private (Tensor Features, Tensor Gate) Gate(Tensor x)
    {
        var a = Product(Centered(x), this["W_enc"]);
        var gate = a + this["b_gate"];
        var magnitude = (a * this["r_mag"].exp() + this["b_mag"]).relu();
        return (magnitude * gate.gt(0).to(magnitude.dtype), gate);
    }
}
