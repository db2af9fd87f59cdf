using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>The weights of one attention of an encoder or decoder, stored once and seen per head.</summary>
/// <param name="Qkv">d_model → 3 · heads · d_head: all queries, then keys, then values; the bias has as many entries.</param>
/// <param name="Out">heads · d_head → d_model.</param>
/// <param name="Heads">Number of heads.</param>
/// <remarks>
/// The views share memory with the stored matrices: writing through them changes the model. Every read makes new tensor
/// objects, owned by the open DisposeScope.
/// </remarks>
public sealed record AttentionWeights(LinearWeights Qkv, LinearWeights Out, int Heads)
{
    /// <summary>Width of a head.</summary>
    public int DHead => checked((int)(Qkv.Weight.size(1) / (3L * Heads)));

    /// <summary>Queries [head, d_model, d_head].</summary>
    public Tensor W_Q => PerHead(0);

    /// <summary>Keys [head, d_model, d_head].</summary>
    public Tensor W_K => PerHead(1);

    /// <summary>Values [head, d_model, d_head].</summary>
    public Tensor W_V => PerHead(2);

    /// <summary>Outputs [head, d_head, d_model].</summary>
    public Tensor W_O => Out.Weight.SplitDimension(0, Heads, DHead);

    /// <summary>Biases of the queries [head, d_head]; zeros where there are none.</summary>
    public Tensor b_Q => BiasPerHead(0);

    /// <summary>Biases of the keys [head, d_head]; zeros where there are none.</summary>
    public Tensor b_K => BiasPerHead(1);

    /// <summary>Biases of the values [head, d_head]; zeros where there are none.</summary>
    public Tensor b_V => BiasPerHead(2);

    /// <summary>Bias of the output [d_model]; zeros where there is none.</summary>
    public Tensor b_O => Out.Bias?.alias() ?? torch.zeros([Out.Weight.size(1)], Out.Weight.dtype, Out.Weight.device);

    private long Width => (long)Heads * DHead;

    /// <summary>Only the queries (0), keys (1) or values (2): d_model → heads · d_head, as views.</summary>
    internal LinearWeights Part(int which) =>
        new(Qkv.Weight.narrow(1, which * Width, Width), Qkv.Bias?.narrow(0, which * Width, Width));

    private Tensor PerHead(int which)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Part(which).Weight.SplitDimension(1, Heads, DHead).permute(1, 0, 2));
    }

    private Tensor BiasPerHead(int which)
    {
        using var scope = torch.NewDisposeScope();
        var bias = Part(which).Bias ?? torch.zeros([Width], Qkv.Weight.dtype, Qkv.Weight.device);
        return scope.MoveToOuter(bias.view(Heads, DHead));
    }
}
