using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>Nested dictionaries: the first features alone must rebuild the input too.</summary>
/// <remarks>
/// Problem: in a wide dictionary a general feature is absorbed by its special cases. Idea: make every prefix a
/// dictionary of its own, so that general features come first and stay.
/// <code>
/// f as in BatchTopK
/// L = mean ‖x − x̂‖² + Σ over inner widths w of mean ‖x − (f[:w] W_dec[:w] + b_dec)‖² + the term for dead features
/// </code>
/// Bussmann et al. 2025 (arXiv 2503.17547); the sum is without weights, as in SAELens.
/// </remarks>
public sealed class MatryoshkaSae : BatchTopKSae
{
    internal MatryoshkaSae(MatryoshkaOptions options, Generator generator) : base(options, generator)
    {
    }

    private protected override IReadOnlyList<int> Prefixes =>
        [.. ((MatryoshkaOptions)TopK).Widths.Where(width => width < DSae), DSae];

    private protected override DictionaryLoss LossCore(Tensor input, Tensor target, LossContext context)
    {
        var whole = base.LossCore(input, target, context);
        var features = TopK.RescaleByDecoderNorm ? whole.Features / SafeNorms() : whole.Features;
        var inner = whole.Auxiliary;
        foreach (var width in ((MatryoshkaOptions)TopK).Widths.Where(width => width < DSae))
            inner = inner + SquaredError(
                Product(features.narrow(1, 0, width), this["W_dec"].narrow(0, 0, width)) + this["b_dec"], target);
        return whole with { Auxiliary = inner, Total = whole.Reconstruction + inner };
    }
}
