using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

// The weights under the field's classic names and shapes: views of the stored matrices, no copies. Writing through a view
// changes the model. Every read makes new tensor objects, owned by the open DisposeScope.
public sealed partial class HookedTransformer
{
    /// <summary>Token embedding [d_vocab, d_model].</summary>
    public Tensor W_E => Weights.Embed.alias();

    /// <summary>Position embedding [n_ctx, d_model].</summary>
    /// <exception cref="InvalidOperationException">The model has none.</exception>
    public Tensor W_pos => Weights.PosEmbed?.alias() ?? throw new InvalidOperationException("the model has no learned positions");

    /// <summary>Unembedding [d_model, outputs].</summary>
    public Tensor W_U => Weights.Unembed.Weight.alias();

    /// <summary>Bias of the unembedding [outputs]; zeros where there is none.</summary>
    public Tensor b_U => Weights.Unembed.Bias?.alias() ?? Zeros(Config.OutputSize);

    /// <summary>Queries of a layer [head, d_model, d_head].</summary>
    public Tensor W_Q(int layer) => Heads(layer, 0, Config.NHeads);

    /// <summary>Keys of a layer [kv_head, d_model, d_head].</summary>
    public Tensor W_K(int layer) => Heads(layer, Config.NHeads, Config.KeyValueHeads);

    /// <summary>Values of a layer [kv_head, d_model, d_head].</summary>
    public Tensor W_V(int layer) => Heads(layer, Config.NHeads + Config.KeyValueHeads, Config.KeyValueHeads);

    /// <summary>Outputs of a layer's heads [head, d_head, d_model].</summary>
    public Tensor W_O(int layer) => Block(layer).Out.Weight.SplitDimension(0, Config.NHeads, Config.DHead);

    /// <summary>Biases of the queries [head, d_head]; zeros where there are none.</summary>
    public Tensor b_Q(int layer) => HeadBiases(layer, 0, Config.NHeads);

    /// <summary>Biases of the keys [kv_head, d_head]; zeros where there are none.</summary>
    public Tensor b_K(int layer) => HeadBiases(layer, Config.NHeads, Config.KeyValueHeads);

    /// <summary>Biases of the values [kv_head, d_head]; zeros where there are none.</summary>
    public Tensor b_V(int layer) => HeadBiases(layer, Config.NHeads + Config.KeyValueHeads, Config.KeyValueHeads);

    /// <summary>Bias of attention's output [d_model]; zeros where there is none.</summary>
    public Tensor b_O(int layer) => Block(layer).Out.Bias?.alias() ?? Zeros(Config.DModel);

    /// <summary>First matrix of an MLP [d_model, d_mlp].</summary>
    public Tensor W_in(int layer) => Mlp(layer).In.Weight.alias();

    /// <summary>Bias of an MLP's neurons [d_mlp]; zeros where there is none.</summary>
    public Tensor b_in(int layer) => Mlp(layer).In.Bias?.alias() ?? Zeros(Config.DMlp);

    /// <summary>Gate of a gated MLP [d_model, d_mlp].</summary>
    /// <exception cref="InvalidOperationException">The model's MLPs have no gate.</exception>
    public Tensor W_gate(int layer) =>
        Mlp(layer).Gate?.Weight.alias() ?? throw new InvalidOperationException("the model's MLPs have no gate");

    /// <summary>Second matrix of an MLP [d_mlp, d_model].</summary>
    public Tensor W_out(int layer) => Mlp(layer).Out.Weight.alias();

    /// <summary>Bias of an MLP's output [d_model]; zeros where there is none.</summary>
    public Tensor b_out(int layer) => Mlp(layer).Out.Bias?.alias() ?? Zeros(Config.DModel);

    private BlockWeights Block(int layer) =>
        (uint)layer < (uint)Config.NLayers
            ? Weights.Blocks[layer]
            : throw new ArgumentOutOfRangeException(nameof(layer), layer, $"the model has layers 0 to {Config.NLayers - 1}");

    private MlpWeights Mlp(int layer) => Block(layer).Mlp ?? throw new InvalidOperationException("an attention-only model has no MLPs");

    private Tensor Heads(int layer, int first, int count)
    {
        using var scope = torch.NewDisposeScope();
        var columns = Block(layer).Qkv.Weight.narrow(1, (long)first * Config.DHead, (long)count * Config.DHead);
        return scope.MoveToOuter(columns.SplitDimension(1, count, Config.DHead).permute(1, 0, 2));
    }

    private Tensor HeadBiases(int layer, int first, int count)
    {
        using var scope = torch.NewDisposeScope();
        var bias = Block(layer).Qkv.Bias ?? Zeros((Config.NHeads + 2 * Config.KeyValueHeads) * Config.DHead);
        return scope.MoveToOuter(bias.narrow(0, (long)first * Config.DHead, (long)count * Config.DHead).view(count, Config.DHead));
    }

    private Tensor Zeros(long size) => torch.zeros([size], Config.Dtype, Device);
}
