using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

// The weights under the field's classic names and shapes: views of the stored matrices, no copies.
public sealed partial class HookedEncoder
{
    /// <summary>Token embedding [d_vocab, d_model].</summary>
    public Tensor W_E => Weights.Embed.alias();

    /// <summary>Position embedding [rows, d_model]; see <see cref="HookedEncoderConfig.PositionRows"/>.</summary>
    public Tensor W_pos => Weights.PosEmbed.alias();

    /// <summary>Embedding of the kinds of tokens [types, d_model].</summary>
    /// <exception cref="InvalidOperationException">The model has none.</exception>
    public Tensor W_token_type => Weights.TypeEmbed?.alias() ?? throw new InvalidOperationException("the model knows no token types");

    /// <summary>Unembedding [d_model, d_vocab].</summary>
    /// <exception cref="InvalidOperationException">The model has no masked-language-model head.</exception>
    public Tensor W_U => Head.Unembed.Weight.alias();

    /// <summary>Bias of the unembedding [d_vocab]; zeros where there is none.</summary>
    /// <exception cref="InvalidOperationException">The model has no masked-language-model head.</exception>
    public Tensor b_U => Head.Unembed.Bias?.alias() ?? Zeros(Config.DVocab);

    /// <summary>Queries of a layer [head, d_model, d_head].</summary>
    public Tensor W_Q(int layer) => Block(layer).Attention.W_Q;

    /// <summary>Keys of a layer [head, d_model, d_head].</summary>
    public Tensor W_K(int layer) => Block(layer).Attention.W_K;

    /// <summary>Values of a layer [head, d_model, d_head].</summary>
    public Tensor W_V(int layer) => Block(layer).Attention.W_V;

    /// <summary>Outputs of a layer's heads [head, d_head, d_model].</summary>
    public Tensor W_O(int layer) => Block(layer).Attention.W_O;

    /// <summary>Biases of the queries [head, d_head].</summary>
    public Tensor b_Q(int layer) => Block(layer).Attention.b_Q;

    /// <summary>Biases of the keys [head, d_head].</summary>
    public Tensor b_K(int layer) => Block(layer).Attention.b_K;

    /// <summary>Biases of the values [head, d_head].</summary>
    public Tensor b_V(int layer) => Block(layer).Attention.b_V;

    /// <summary>Bias of attention's output [d_model].</summary>
    public Tensor b_O(int layer) => Block(layer).Attention.b_O;

    /// <summary>First matrix of an MLP [d_model, d_mlp].</summary>
    public Tensor W_in(int layer) => Block(layer).Mlp.In.Weight.alias();

    /// <summary>Bias of an MLP's neurons [d_mlp]; zeros where there is none.</summary>
    public Tensor b_in(int layer) => Block(layer).Mlp.In.Bias?.alias() ?? Zeros(Config.DMlp);

    /// <summary>Second matrix of an MLP [d_mlp, d_model].</summary>
    public Tensor W_out(int layer) => Block(layer).Mlp.Out.Weight.alias();

    /// <summary>Bias of an MLP's output [d_model]; zeros where there is none.</summary>
    public Tensor b_out(int layer) => Block(layer).Mlp.Out.Bias?.alias() ?? Zeros(Config.DModel);

    private MaskedLmWeights Head => Weights.MaskedLm ?? throw new InvalidOperationException("the model has no masked-language-model head");

    private EncoderBlockWeights Block(int layer) =>
        (uint)layer < (uint)Config.NLayers
            ? Weights.Blocks[layer]
            : throw new ArgumentOutOfRangeException(nameof(layer), layer, $"the model has layers 0 to {Config.NLayers - 1}");

    private Tensor Zeros(long size) => torch.zeros([size], Config.Dtype, Device);
}
