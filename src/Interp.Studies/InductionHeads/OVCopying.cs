using Interp.Circuits.Heads;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads;

/// <summary>The copying score of Olsson et al. 2022 on a run: do heads raise the logits of the tokens that they read?</summary>
/// <remarks>
/// At every token s of the first copy, what the head would move if it attended there goes straight to the logits,
/// <code>
/// raised[s, x] = max(0, (v_s W_O W_U)[x] − mean over the vocabulary)        score = mean over s of raised[s, x_s] / Σ_x raised[s, x]
/// </code>
/// with x over the tokens of the sequence. 1 is a head that raises nothing but the token it reads, 1/n a head that has
/// nothing to do with copying. (The paper stretches [0, 1] to [−1, 1]; here it is the share itself.)
/// </remarks>
internal static class OVCopying
{
    /// <summary>The score of every head of a layer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="values">Its values, as <c>hook_v</c> sees them [sequence, pos, kv_head, d_head].</param>
    /// <param name="sequences">What was run.</param>
    internal static double[] Score(HookedTransformer model, int layer, Tensor values, RepeatedSequences sequences)
    {
        using var scope = torch.NewDisposeScope();
        var group = model.Config.NHeads / model.Config.KeyValueHeads;
        var once = values.narrow(1, sequences.Start, sequences.Period);
        if (group > 1) once = once.repeat_interleave(group, 2);
        var moved = torch.einsum("bnhe,hed->bhnd", once, model.W_O(layer)); // [sequence, head, source, d_model]
        var read = sequences.Tokens.narrow(1, sequences.Start, sequences.Period);
        var centre = model.W_U.mean([1], keepdim: true); // [d_model, 1]
        var columns = (model.W_U.index_select(1, read.flatten()) - centre)
            .SplitDimension(1, read.size(0), read.size(1)).movedim(1, 0).unsqueeze(1); // [sequence, 1, d_model, token]
        var raised = moved.MatMul(columns).clamp_min(0); // [sequence, head, source, token]
        var share = raised.diagonal(0, 2, 3) / raised.sum(-1).clamp_min(1e-12); // [sequence, head, source]
        return share.mean([0, 2]).to(ScalarType.Float64).ToArray<double>();
    }
}
