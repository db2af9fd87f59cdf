using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

// Attention in its three steps and without hooks, for sweeps that recompute only the rows that have changed.
internal sealed partial class AttentionLayer
{
    /// <summary>Queries, keys and values as <c>hook_q</c>, <c>hook_k</c> and <c>hook_v</c> see them [batch, pos, head, d_head].</summary>
    internal (Tensor Q, Tensor K, Tensor V) ProjectRows(AttentionInputs inputs) => Project(inputs);

    /// <summary>Queries and keys as they meet: normed and rotated where the model does that.</summary>
    internal (Tensor Q, Tensor K) Turn(Tensor q, Tensor k, Positions positions)
    {
        if (queryNorm is not null) (q, k) = (queryNorm.Forward(q, HookRun.Plain), keyNorm!.Forward(k, HookRun.Plain));
        return rotary is null ? (q, k) : (rotary.Apply(q, positions), rotary.Apply(k, positions));
    }

    /// <summary>z [batch, pos, head, d_head]; points of scores and pattern fire where the state's run wants them.</summary>
    internal Tensor MixRows(Tensor q, Tensor k, Tensor v, RunState state) => Mix(q, k, v, state);

    /// <summary>z [batch, pos, head, d_head] → [batch, pos, d_model].</summary>
    internal Tensor Write(Tensor z) => weights.Out.Apply(z.flatten(2));
}
