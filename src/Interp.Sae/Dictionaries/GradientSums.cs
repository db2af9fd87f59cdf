using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>
/// Gradients of a dictionary f = on((x − b_dec) W_enc + b_enc), x̂ = f W_dec + b_dec, added up by hand: what autograd
/// would record, without computing what is multiplied by zero.
/// </summary>
/// <remarks>
/// With g = ∂L/∂x̂ and the entries that are on,
/// <code>
/// ∂L/∂z = g W_decᵀ + penalty   where f is on, else 0
/// ∂L/∂W_dec = fᵀ g             ∂L/∂W_enc = (x − b_dec)ᵀ ∂L/∂z
/// ∂L/∂b_enc = Σ ∂L/∂z          ∂L/∂b_dec = Σ g − W_enc ∂L/∂b_enc
/// </code>
/// The last one needs no product with the batch: Σ over rows of ∂L/∂z W_encᵀ is (Σ ∂L/∂z) W_encᵀ.
/// </remarks>
internal sealed class GradientSums
{
    private readonly SparseCoder dictionary;
    private readonly Tensor centered;
    private readonly Tensor encoderT; // [d_sae, d_in]

    /// <param name="dictionary">With W_enc, b_enc, W_dec and b_dec.</param>
    /// <param name="centered">What the encoder reads [batch, d_in].</param>
    internal GradientSums(SparseCoder dictionary, Tensor centered)
    {
        (this.dictionary, this.centered) = (dictionary, centered);
        encoderT = torch.zeros([dictionary.DSae, dictionary.DIn], centered.dtype);
        Decoder = torch.zeros_like(dictionary["W_dec"]);
        EncoderBias = torch.zeros_like(dictionary["b_enc"]);
        DecoderBias = torch.zeros_like(dictionary["b_dec"]);
    }

    /// <summary>∂L/∂b_enc so far.</summary>
    internal Tensor EncoderBias { get; }

    /// <summary>Σ g so far: the part of ∂L/∂b_dec that does not come through the encoder.</summary>
    internal Tensor DecoderBias { get; }

    /// <summary>∂L/∂W_dec so far.</summary>
    internal Tensor Decoder { get; }

    /// <summary>
    /// Adds what features that are on get from the gradient g [batch, d_in] of the output they wrote.
    /// </summary>
    /// <param name="on">The features.</param>
    /// <param name="gradient">g</param>
    /// <param name="penalty">The derivative of the penalty by each feature [d_sae]; null for none.</param>
    internal void Add(SparseRows on, Tensor gradient, Tensor? penalty = null)
    {
        var z = on.Dot(gradient, dictionary["W_dec"]); // ∂L/∂z at the entries
        if (penalty is not null) z.add_(penalty.index_select(0, on.Columns));
        var (byFeature, from) = on.Transpose();
        byFeature.AddMatMul(Decoder, gradient);
        (byFeature with { Values = z.index_select(0, from) }).AddMatMul(encoderT, centered);
        EncoderBias.index_add_(0, on.Columns, z);
    }

    /// <summary>The same for some rows of a batch in which many features are on, as matrix products.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="features">f [rows, d_sae]</param>
    /// <param name="gradient">g [rows, d_in]</param>
    /// <param name="z">∂L/∂z [rows, d_sae]; its sums are not taken here.</param>
    internal void Add(long first, Tensor features, Tensor gradient, Tensor z)
    {
        DenseProduct.AddTransposed(Decoder, features, gradient);
        DenseProduct.AddTransposed(encoderT, z, centered.narrow(0, first, z.size(0)));
    }

    /// <summary>Puts the gradients into the parameters.</summary>
    internal void Store()
    {
        if (dictionary.Options.ApplyBDecToInput) DecoderBias.sub_(dictionary["W_enc"].mv(EncoderBias));
        dictionary["W_enc"].grad = encoderT.t();
        dictionary["b_enc"].grad = EncoderBias;
        dictionary["W_dec"].grad = Decoder;
        dictionary["b_dec"].grad = DecoderBias;
    }
}
