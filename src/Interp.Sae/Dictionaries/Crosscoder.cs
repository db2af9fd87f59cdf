using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>One set of features for several places at once: layers of a model, or the same layer of several
/// models.</summary>
/// <remarks>
/// <code>
/// f = ReLU(Σₗ xₗ W_enc,l + b_enc)
/// x̂ₗ = f W_dec,l + b_dec,l
/// L = mean Σₗ ‖xₗ − x̂ₗ‖² + λ mean Σᵢ fᵢ Σₗ ‖W_dec,i,l‖
/// </code>
/// Lindsey et al. 2024 (Anthropic, sparse crosscoders). Which places a feature is about shows in the norms of its
/// decoder rows. Shapes: <c>W_enc [sites, d_in, d_sae]</c>, <c>W_dec [d_sae, sites, d_in]</c>, <c>b_dec [sites,
/// d_in]</c>.
/// </remarks>
public sealed class Crosscoder : SparseCoder
{
    private readonly CrosscoderOptions options;

    internal Crosscoder(CrosscoderOptions options, Generator generator) : base(options)
    {
        this.options = options;
        var decoder = Directions((long)DSae * options.Sites, DIn, options.DecoderInitNorm, generator).view(DSae,
            options.Sites, DIn);
        Parameter("W_enc", decoder.permute(1, 2, 0).contiguous());
        Parameter("b_enc", torch.zeros([DSae], device: generator.device));
        Parameter("W_dec", decoder.contiguous());
        Parameter("b_dec", torch.zeros([options.Sites, DIn], device: generator.device));
    }

    /// <inheritdoc/>
    public override long[] InputShape => [options.Sites, DIn];

    /// <summary>Σₗ ‖W_dec,i,l‖ [d_sae]</summary>
    public override Tensor DecoderNorms() => torch.linalg.vector_norm(this["W_dec"], 2, [-1]).sum(-1);

    /// <summary>
    /// How much of each feature is at one site: ‖W_dec,i,l‖ / Σ ‖W_dec,i,l‖ [d_sae]; for two models, 0 and 1 are
    /// features of one of them and ½ is shared.
    /// </summary>
    public Tensor RelativeNorms(int site)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.linalg.vector_norm(this["W_dec"], 2, [-1]).select(1, site) / DecoderNorms());
    }

    private protected override Tensor EncodeCore(Tensor x) =>
        (Product(x.flatten(-2, -1), this["W_enc"].flatten(0, 1)) + this["b_enc"]).relu();

    private protected override Tensor DecodeCore(Tensor features) =>
        Product(features, this["W_dec"].flatten(1, 2)).SplitDimension(-1, options.Sites, DIn) + this["b_dec"];

    private protected override DictionaryLoss LossCore(Tensor input, Tensor target, LossContext context)
    {
        var features = EncodeCore(input);
        var output = DecodeCore(features);
        var error = SquaredError(output, target);
        var sparsity = features.MatMul(DecoderNorms()).mean() * (options.L1Coefficient * context.SparsityScale);
        return new DictionaryLoss(error + sparsity, error, sparsity, Zero(), features, output);
    }

    private protected override void FoldNorms(Tensor norms)
    {
        this["W_enc"].mul_(norms);
        this["b_enc"].mul_(norms);
        this["W_dec"].div_(norms.view(-1, 1, 1));
    }

    private protected override void FoldScaleCore(Tensor input, Tensor output)
    {
        this["W_enc"].mul_(input.view(-1, 1, 1));
        this["W_dec"].div_(output.view(1, -1, 1));
        this["b_dec"].div_(output.view(-1, 1));
    }
}
