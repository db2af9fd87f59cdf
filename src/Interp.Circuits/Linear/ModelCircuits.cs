using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Linear;

/// <summary>The two matrices that say what a head does: where it looks (QK) and what it moves (OV).</summary>
/// <remarks>
/// With rows x for vectors of the stream, the score of query x and key y is x · W_Q W_Kᵀ · yᵀ and what is moved from y
/// is y · W_V W_O (Elhage et al. 2021). Scales of scores, biases and rotations of positions are not in these matrices,
/// and the norms' weights only where they were folded (<see cref="Processing.WeightProcessing"/>).
/// </remarks>
public static class ModelCircuits
{
    /// <summary>W_Q W_Kᵀ of the heads of a layer [head, d_model, d_model].</summary>
    public static FactoredMatrix QK(this HookedTransformer model, int layer) =>
        new(model.W_Q(layer), ByHead(model, model.W_K(layer)).mT);

    /// <summary>W_Q W_Kᵀ of a head [d_model, d_model].</summary>
    public static FactoredMatrix QK(this HookedTransformer model, int layer, int head) =>
        model.QK(layer)[Head(model, head)];

    /// <summary>W_Q W_Kᵀ of all heads [layer, head, d_model, d_model].</summary>
    public static FactoredMatrix QK(this HookedTransformer model) => Stack(model, model.QK);

    /// <summary>W_V W_O of the heads of a layer [head, d_model, d_model].</summary>
    public static FactoredMatrix OV(this HookedTransformer model, int layer) =>
        new(ByHead(model, model.W_V(layer)), model.W_O(layer));

    /// <summary>W_V W_O of a head [d_model, d_model].</summary>
    public static FactoredMatrix OV(this HookedTransformer model, int layer, int head) =>
        model.OV(layer)[Head(model, head)];

    /// <summary>W_V W_O of all heads [layer, head, d_model, d_model].</summary>
    public static FactoredMatrix OV(this HookedTransformer model) => Stack(model, model.OV);

    /// <summary>
    /// W_E W_V W_O W_U of a head [d_vocab, outputs]: by how much attending to one token raises the logit of each, if
    /// the head reads the embedding and writes to the logits.
    /// </summary>
    public static FactoredMatrix FullOV(this HookedTransformer model, int layer, int head) =>
        model.W_E * model.OV(layer, head) * model.W_U;

    /// <summary>
    /// W_E W_Q W_Kᵀ W_Eᵀ of a head [d_vocab, d_vocab]: which token looks at which, if the head reads embeddings.
    /// </summary>
    public static FactoredMatrix FullQK(this HookedTransformer model, int layer, int head) =>
        model.W_E * model.QK(layer, head) * model.W_E.t();

    /// <summary>
    /// Embeddings of tokens above those of positions [d_vocab + n_ctx, d_model]: all that can stand in the first
    /// stream.
    /// </summary>
    /// <exception cref="InvalidOperationException">The model has no learned positions.</exception>
    public static Tensor W_E_pos(this HookedTransformer model) => torch.cat([model.W_E, model.W_pos]);

    /// <summary>Keys' or values' weights, one for every query head [head, d_model, d_head].</summary>
    private static Tensor ByHead(HookedTransformer model, Tensor weights)
    {
        var group = model.Config.NHeads / model.Config.KeyValueHeads;
        return group == 1 ? weights : weights.repeat_interleave(group, 0);
    }

    private static FactoredMatrix Stack(HookedTransformer model, Func<int, FactoredMatrix> layer)
    {
        using var scope = torch.NewDisposeScope();
        var all = Enumerable.Range(0, model.Config.NLayers).Select(layer).ToArray();
        var (a, b) = (torch.stack([.. all.Select(m => m.A)]), torch.stack([.. all.Select(m => m.B)]));
        return new FactoredMatrix(a, b).MoveToOuter(scope);
    }

    private static int Head(HookedTransformer model, int head) =>
        (uint)head < (uint)model.Config.NHeads
            ? head
            : throw new ArgumentOutOfRangeException(nameof(head), head,
                $"the model has heads 0 to {model.Config.NHeads - 1}");
}
